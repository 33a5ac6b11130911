import { defineConfig } from 'vite'

export default defineConfig({
  // Built from the sources of our packages, so that the page needs no build but its own.
  resolve: { conditions: ['@tessera/source', 'module', 'browser', 'development|production'] },
  // An issuer may have a path: pages find their files beside themselves.
  base: './',
  build: {
    target: 'es2022',
    // Everything comes from files of this origin: a `default-src 'self'` policy blocks nothing.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'account.html', 'admin.html', 'debugger.html'] },
  },
})
