import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core'
import { theme } from './theme.ts'

/**
 * Puts the theme's CSS variables on the page as a constructed style sheet. Mantine would write a `<style>`
 * element, for which the content security policy would have to allow inline styles.
 */
export function adoptThemeSheet(): void {
  const sheet = new CSSStyleSheet()
  const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme))
  // Mantine's own error colour is too light to read on white.
  for (const scheme of [variables.light, variables.dark]) scheme['--mantine-color-error'] = 'var(--bad)'
  const schemes = convertCssVariables({
    variables: {},
    dark: { '--mantine-color-scheme': 'dark' },
    light: { '--mantine-color-scheme': 'light' },
  })
  sheet.replaceSync(convertCssVariables(variables) + schemes)
  document.adoptedStyleSheets.push(sheet)
}
