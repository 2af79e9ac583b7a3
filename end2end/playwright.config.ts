import { defineConfig } from '@playwright/test';
import { chromiumFlags } from './support/chromium.mjs';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/files',
  reporter: [['line'], ['json', { outputFile: 'test-results/report.json' }]],
  // Every test has a server, a data directory and browser contexts of its own, so tests may run side by side.
  fullyParallel: true,
  workers: 2,
  // A test that fails once and then passes is told as flaky, and is to be mended; it does not make everything wait.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    // Recording costs more than all else together: TRACE=1 asks for it, when a test that fails is looked into.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    // What moves is looked at by people; for the tests it is work for two cores, and moments in which nothing stands still.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    launchOptions: { executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: chromiumFlags },
  },
});
