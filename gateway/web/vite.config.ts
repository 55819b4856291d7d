import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// One build for everyone: started from a test runner, it would otherwise be the development one, and be served by bin/up.
process.env.NODE_ENV = 'production';

/** The pages as static files: hashed, nothing inlined (the content security policy forbids data: too). */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
