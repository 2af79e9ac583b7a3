-- Photos of agents: the file's name in the store of files, random, so that it cannot be guessed.
ALTER TABLE agents ADD COLUMN photo BLOB;

CREATE UNIQUE INDEX agents_by_photo ON agents (photo) WHERE photo IS NOT NULL;
