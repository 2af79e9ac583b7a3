// The reference that a team would write by hand: a socket.io server that stores each message in SQLite before it passes it
// on. Started as `node server.mjs ADDRESS FILE`.

import Database from 'better-sqlite3';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [address, file] = process.argv.slice(2);
const [host, port] = address.split(':');

const db = new Database(file);
// As durable as what it is compared with.
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE messages (
  room INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL,
  PRIMARY KEY (room, seq)) WITHOUT ROWID`);
const insert = db.prepare('INSERT INTO messages (room, seq, at, id, text) VALUES (?, ?, ?, ?, ?)');

const http = createServer((request, response) => {
  response.writeHead(request.url === '/healthz' ? 200 : 404, { 'content-length': 0 });
  response.end();
});
const io = new Server(http, { transports: ['websocket'] });
const last = new Map();

io.on('connection', (socket) => {
  socket.on('join', async (rooms, joined) => {
    await socket.join(rooms.map(String));
    joined();
  });
  socket.on('message', ({ room, id, text }, stored) => {
    const seq = (last.get(room) ?? 0) + 1;
    insert.run(room, seq, Date.now(), id, text);
    last.set(room, seq);
    stored({ seq });
    socket.to(String(room)).emit('message', { room, seq, text });
  });
});

http.listen(Number(port), host);
