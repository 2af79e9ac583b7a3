import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import type { Server } from './server';

export interface Mail extends Email {
  /** Changes when the file is written again. */
  written: string;
}

/** The mails that the server has put into its directory so far. */
export async function mails(server: Server): Promise<Mail[]> {
  const directory = path.join(server.data, 'mail');
  const files = (await readdir(directory)).filter((name) => name.endsWith('.eml')).sort();
  return Promise.all(
    files.map(async (name) => {
      const file = path.join(directory, name);
      const { ino, mtimeMs } = await stat(file);
      return { ...(await PostalMime.parse(await readFile(file))), written: `${name} ${ino} ${mtimeMs}` };
    }),
  );
}
