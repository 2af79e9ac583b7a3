-- Rows of a Frontdesk whose last migration was 1, written by its own code (commit 166f9d8). Not to be changed.

INSERT INTO departments (id, name) VALUES
(1, 'Sales'),
(2, 'Support');

INSERT INTO agents (id, email, name, role, password_hash, available, created_at) VALUES
(1, 'eve@example.com', 'Eve', 'admin', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 1, 1764000001000),
(2, 'bob@example.com', 'Bob', 'agent', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 0, 1764000002000);

INSERT INTO agent_departments (agent_id, department_id) VALUES
(1, 1),
(1, 2);

INSERT INTO sessions (token_hash, agent_id, created_at, expires_at) VALUES
(x'0101010101010101010101010101010101010101010101010101010101010101', 1, 1764000000000, 8820000000000);

INSERT INTO setup_links (token_hash, expires_at) VALUES
(x'0202020202020202020202020202020202020202020202020202020202020202', 8820000000000);

INSERT INTO visitors (id, token_hash, created_at) VALUES
(1, x'0101010101010101010101010101010101010101010101010101010101010101', 1),
(2, x'0202020202020202020202020202020202020202020202020202020202020202', 1),
(3, x'0303030303030303030303030303030303030303030303030303030303030303', 1),
(4, x'0404040404040404040404040404040404040404040404040404040404040404', 1),
(5, x'0505050505050505050505050505050505050505050505050505050505050505', 1);

INSERT INTO chats (id, visitor_id, status, agent_id, last_seq, updated_at, state) VALUES
(1, 1, 'ended', 1, 14, 1764000013000, '{"id":1,"status":"ended","visitor":{"id":1,"name":"Ada","email":"ada@example.com"},"department":{"id":1,"name":"Sales"},"agent":{"id":1,"name":"Eve"},"dismissed_by":[],"last_seq":14,"last_public_seq":14,"started_at":1764000003000,"updated_at":1764000013000,"ended_at":1764000013000,"messages":3,"last_message":{"by":"visitor","at":1764000012000,"text":"No"},"visitor_side":{"unread":[],"delivered":10,"read":10},"agents_side":{"unread":[13],"delivered":4,"read":4}}'),
(2, 2, 'waiting', NULL, 4, 1764000014000, '{"id":2,"status":"waiting","visitor":{"id":2,"name":null,"email":null},"department":null,"agent":null,"dismissed_by":[2],"last_seq":4,"last_public_seq":3,"started_at":1764000014000,"updated_at":1764000014000,"ended_at":null,"messages":1,"last_message":{"by":"visitor","at":1764000014000,"text":"Hello from 2"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(3, 3, 'open', 1, 8, 1764000020000, '{"id":3,"status":"open","visitor":{"id":3,"name":"Chloé","email":null},"department":null,"agent":{"id":1,"name":"Eve"},"dismissed_by":[],"last_seq":8,"last_public_seq":8,"started_at":1764000016000,"updated_at":1764000020000,"ended_at":null,"messages":3,"last_message":{"by":"visitor","at":1764000020000,"text":"One more line and a paragraph"},"visitor_side":{"unread":[6],"delivered":6,"read":0},"agents_side":{"unread":[4,8],"delivered":0,"read":0}}'),
(4, 4, 'ended', 1, 5, 1764000023000, '{"id":4,"status":"ended","visitor":{"id":4,"name":null,"email":"mallory@example.com"},"department":null,"agent":{"id":1,"name":"Eve"},"dismissed_by":[],"last_seq":5,"last_public_seq":5,"started_at":1764000021000,"updated_at":1764000023000,"ended_at":1764000023000,"messages":1,"last_message":{"by":"visitor","at":1764000021000,"text":"Hello from 4"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(5, 5, 'ended', NULL, 4, 1764000025000, '{"id":5,"status":"ended","visitor":{"id":5,"name":null,"email":"trudy@example.com"},"department":null,"agent":null,"dismissed_by":[],"last_seq":4,"last_public_seq":4,"started_at":1764000024000,"updated_at":1764000025000,"ended_at":1764000025000,"messages":1,"last_message":{"by":"visitor","at":1764000024000,"text":"Hello from 5"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}');

INSERT INTO events (chat_id, seq, public, at, author, command_id, body) VALUES
(1, 1, 1, 1764000003000, 'visitor', x'019ab697f3b8780b800405060708090a', '["visitor",{"type":"started","visitor":{"id":1,"name":"Ada","email":"ada@example.com"},"department":{"id":1,"name":"Sales"}}]'),
(1, 2, 0, 1764000003000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":{"at":1763100000000,"url":"https://shop.example/"},"session":{"at":1763999940000,"url":"https://shop.example/lamps"},"pages":[{"at":1763999940000,"url":"https://shop.example/lamps","title":"Lamps","referrer":"https://search.example/"}]}}]'),
(1, 3, 0, 1764000003000, 'visitor', NULL, '["visitor",{"type":"page_viewed","page":{"at":1764000000000,"url":"https://shop.example/lamps/7","title":"A lamp","referrer":"https://shop.example/lamps"}}]'),
(1, 4, 1, 1764000003000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 1"}]}]'),
(1, 5, 0, 1764000004000, 'visitor', x'019ab697f7a0700f800405060708090a', '["visitor",{"type":"page_viewed","page":{"at":9223372036854775807,"url":"https://shop.example/cart","title":"Cart","referrer":""}}]'),
(1, 6, 0, 1764000005000, 'agent:2', x'019ab697fb887813800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"dismissed"}]'),
(1, 7, 1, 1764000006000, 'agent:1', x'019ab697ff707017800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"accepted"}]'),
(1, 8, 1, 1764000007000, 'agent:1', x'019ab6980358781b800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"delivered","up_to":4}]'),
(1, 9, 1, 1764000008000, 'agent:1', x'019ab6980740701f800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"read","up_to":4}]'),
(1, 10, 1, 1764000009000, 'agent:1', x'019ab6980b287823800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"message","text":[{"paragraph":"Yes, to Ireland.\nSee\u0001there."},{"paragraph":"Anything else?"}]}]'),
(1, 11, 1, 1764000010000, 'visitor', x'019ab6980f107027800405060708090a', '["visitor",{"type":"delivered","up_to":10}]'),
(1, 12, 1, 1764000011000, 'visitor', x'019ab69812f8782a800405060708090a', '["visitor",{"type":"read","up_to":10}]'),
(1, 13, 1, 1764000012000, 'visitor', x'019ab69816e0702e800405060708090a', '["visitor",{"type":"message","text":[{"paragraph":"No"}]}]'),
(1, 14, 1, 1764000013000, 'visitor', x'019ab6981ac87832800405060708090a', '["visitor",{"type":"ended"}]'),
(2, 1, 1, 1764000014000, 'visitor', x'019ab6981eb07036800405060708090a', '["visitor",{"type":"started","visitor":{"id":2,"name":null,"email":null},"department":null}]'),
(2, 2, 0, 1764000014000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(2, 3, 1, 1764000014000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 2"}]}]'),
(2, 4, 0, 1764000015000, 'agent:2', x'019ab6982298783a800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"dismissed"}]'),
(3, 1, 1, 1764000016000, 'visitor', x'019ab6982680703e800405060708090a', '["visitor",{"type":"started","visitor":{"id":3,"name":"Chloé","email":null},"department":null}]'),
(3, 2, 0, 1764000016000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(3, 3, 0, 1764000016000, 'visitor', NULL, '["visitor",{"type":"page_viewed","page":{"at":1764000000000,"url":"https://shop.example/","title":"","referrer":""}}]'),
(3, 4, 1, 1764000016000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 3"}]}]'),
(3, 5, 1, 1764000017000, 'agent:1', x'019ab6982a687842800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"accepted"}]'),
(3, 6, 1, 1764000018000, 'agent:1', x'019ab6982e507046800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"message","text":[{"paragraph":"Hi!"}]}]'),
(3, 7, 1, 1764000019000, 'visitor', x'019ab6983238784a800405060708090a', '["visitor",{"type":"delivered","up_to":6}]'),
(3, 8, 1, 1764000020000, 'visitor', x'019ab6983620704e800405060708090a', '["visitor",{"type":"message","text":[{"paragraph":"One\nmore line"},{"paragraph":"and a paragraph"}]}]'),
(4, 1, 1, 1764000021000, 'visitor', x'019ab6983a087852800405060708090a', '["visitor",{"type":"started","visitor":{"id":4,"name":null,"email":"mallory@example.com"},"department":null}]'),
(4, 2, 0, 1764000021000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(4, 3, 1, 1764000021000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 4"}]}]'),
(4, 4, 1, 1764000022000, 'agent:1', x'019ab6983df07055800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"accepted"}]'),
(4, 5, 1, 1764000023000, 'agent:1', x'019ab69841d87859800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"ended"}]'),
(5, 1, 1, 1764000024000, 'visitor', x'019ab69845c0705d800405060708090a', '["visitor",{"type":"started","visitor":{"id":5,"name":null,"email":"trudy@example.com"},"department":null}]'),
(5, 2, 0, 1764000024000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(5, 3, 1, 1764000024000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 5"}]}]'),
(5, 4, 1, 1764000025000, 'visitor', x'019ab69849a87861800405060708090a', '["visitor",{"type":"ended"}]');

INSERT INTO outbox (id, kind, chat_id, payload, dedup, state, attempts, due_at, last_error, created_at) VALUES
(1, 'transcript', 1, '{"kind":"transcript","to":"ada@example.com"}', 'transcript-1', 'done', 1, 3528000000000, NULL, 1764000013000),
(2, 'transcript', 4, '{"kind":"transcript","to":"mallory@example.com"}', 'transcript-4', 'parked', 1, 3528000000000, '550 no such user', 1764000023000),
(3, 'transcript', 5, '{"kind":"transcript","to":"trudy@example.com"}', 'transcript-5', 'due', 0, 1764000025000, NULL, 1764000025000);
