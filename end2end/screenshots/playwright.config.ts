import tests from '../playwright.config';

export default {
  ...tests,
  testDir: '.',
  testMatch: '**/*.pictures.ts',
  outputDir: '../test-results/pictures',
  reporter: 'line',
  workers: 1,
};
