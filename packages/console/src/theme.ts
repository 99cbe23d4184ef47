import {
  createTheme,
  type MantineColorsTuple,
  Modal,
  Notification,
  PasswordInput,
  Tooltip,
} from '@mantine/core'

// Verdigris, the colour of old keys, and brass, the colour of new ones.
const verdigris: MantineColorsTuple = [
  '#edf6f4',
  '#d9ebe7',
  '#b3d7d0',
  '#88c2b7',
  '#63b0a3',
  '#48a193',
  '#358f82',
  '#277a6f',
  '#1a665d',
  '#0e4c45',
]
const brass: MantineColorsTuple = [
  '#fcf6e7',
  '#f7ebcf',
  '#efd8a1',
  '#e7c36d',
  '#dfb145',
  '#d9a42f',
  '#c18a17',
  '#a0700f',
  '#80590b',
  '#624407',
]
const ember: MantineColorsTuple = [
  '#fdf0ee',
  '#f9dfda',
  '#f0bab1',
  '#e79384',
  '#df705e',
  '#d95a46',
  '#c5452f',
  '#ad3725',
  '#92291a',
  '#741d11',
]
const leaf: MantineColorsTuple = [
  '#eef7ee',
  '#dbecdb',
  '#b5d8b6',
  '#8dc38e',
  '#6ab26c',
  '#53a656',
  '#3f9044',
  '#327a38',
  '#27652d',
  '#1b4c20',
]
const gray: MantineColorsTuple = [
  '#f7f8f6',
  '#f0f2ef',
  '#e5e9e5',
  '#d8ddd9',
  '#c3cbc6',
  '#929d98',
  '#62706b',
  '#4e5b57',
  '#36413d',
  '#1f2725',
]
const dark: MantineColorsTuple = [
  '#dde3e0',
  '#bcc5c1',
  '#97a39e',
  '#6c7a75',
  '#3f4b48',
  '#313b38',
  '#262f2d',
  '#1b2321',
  '#151b1a',
  '#0e1312',
]

export const theme = createTheme({
  colors: { verdigris, brass, ember, leaf, gray, dark, red: ember },
  primaryColor: 'verdigris',
  primaryShade: { light: 8, dark: 7 },
  black: '#1a2220',
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '10px', lg: '14px', xl: '24px' },
  fontFamily:
    'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '0.78rem', sm: '0.875rem', md: '0.95rem', lg: '1.1rem', xl: '1.3rem' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.55', lg: '1.5', xl: '1.4' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.6rem', lineHeight: '1.25' },
      h2: { fontSize: '1.1rem', lineHeight: '1.35' },
      h3: { fontSize: '0.95rem', lineHeight: '1.4' },
    },
  },
  shadows: {
    sm: '0 1px 2px rgb(20 35 32 / 8%), 0 2px 8px rgb(20 35 32 / 5%)',
    md: '0 4px 20px rgb(20 35 32 / 12%)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Scroll is locked in global.css: the component's own lock adds a <style> element, which the CSP refuses.
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        radius: 'md',
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    PasswordInput: PasswordInput.extend({
      // Reached by keyboard too, and not named after the field, which would then be there twice.
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show what is typed', tabIndex: 0 } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: false } } }),
  },
})
