/** A key whose shaft ends as a hook. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#14554e" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round" strokeWidth="2.6">
        <circle cx="11.5" cy="9.5" r="3.7" stroke="#e8c26b" />
        <path d="M11.5 13.2v7.3a5 5 0 0 0 10 0v-3.7M21.5 16.8l-3 3M11.5 17h3" stroke="#fff" />
      </g>
    </svg>
  )
}
