-- Rows of a Frontdesk whose last migration was 5, written by its own code (commit 33af392). Not to be changed.

INSERT INTO departments (id, name) VALUES
(1, 'Sales'),
(2, 'Support');

INSERT INTO agents (id, email, name, role, password_hash, available, created_at, deactivated_at, photo) VALUES
(1, 'eve@example.com', 'Eve', 'admin', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 1, 1764000001000, NULL, x'0190123456787abc8def0123456789ac'),
(2, 'bob@example.com', 'Bob', 'agent', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 0, 1764000002000, NULL, NULL);

INSERT INTO agent_departments (agent_id, department_id) VALUES
(1, 1),
(1, 2);

INSERT INTO sessions (token_hash, agent_id, created_at, expires_at) VALUES
(x'0101010101010101010101010101010101010101010101010101010101010101', 1, 1764000000000, 8820000000000);

INSERT INTO setup_links (token_hash, expires_at) VALUES
(x'0202020202020202020202020202020202020202020202020202020202020202', 8820000000000);

INSERT INTO visitors (id, token_hash, created_at, last_address) VALUES
(1, x'0101010101010101010101010101010101010101010101010101010101010101', 1, '192.0.2.7'),
(2, x'0202020202020202020202020202020202020202020202020202020202020202', 1, '192.0.2.7'),
(3, x'0303030303030303030303030303030303030303030303030303030303030303', 1, '192.0.2.7'),
(4, x'0404040404040404040404040404040404040404040404040404040404040404', 1, '192.0.2.7'),
(5, x'0505050505050505050505050505050505050505050505050505050505050505', 1, '192.0.2.7'),
(6, x'0606060606060606060606060606060606060606060606060606060606060606', 1, '192.0.2.7'),
(7, x'0707070707070707070707070707070707070707070707070707070707070707', 1, '192.0.2.7'),
(8, x'0808080808080808080808080808080808080808080808080808080808080808', 1, '192.0.2.7'),
(9, x'0909090909090909090909090909090909090909090909090909090909090909', 1, '192.0.2.7'),
(10, x'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a', 1, '192.0.2.7');

INSERT INTO chats (id, visitor_id, status, agent_id, last_seq, updated_at, state) VALUES
(1, 1, 'ended', 1, 20, 1764000018000, '{"id":1,"status":"ended","visitor":{"id":1,"name":"Ada","email":"ada@example.com","proven":{"subject":"customer-7","email":"ada@example.com"}},"data":{"plan":"pro","seats":"3"},"site":{"id":1,"name":"Shop"},"department":{"id":2,"name":"Support"},"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"},"dismissed_by":[],"last_seq":20,"last_public_seq":20,"started_at":1764000003000,"updated_at":1764000018000,"ended_at":1764000018000,"messages":3,"last_message":{"by":"visitor","at":1764000011000,"text":"📎 lamp.png"},"visitor_side":{"unread":[],"delivered":9,"read":9},"agents_side":{"unread":[],"delivered":10,"read":10},"labels":[{"id":2,"name":"vip","color":3},{"id":1,"name":"urgent","color":2}],"tickets":[{"id":1,"subject":"Dark lamp"}],"rating":{"helpful":true,"comment":"","times":2},"transcripts":["ada@example.com","countess@example.org"]}'),
(2, 2, 'waiting', NULL, 4, 1764000022000, '{"id":2,"status":"waiting","visitor":{"id":2,"name":null,"email":null},"department":null,"agent":null,"dismissed_by":[2],"last_seq":4,"last_public_seq":3,"started_at":1764000022000,"updated_at":1764000022000,"ended_at":null,"messages":1,"last_message":{"by":"visitor","at":1764000022000,"text":"Hello from 2"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(3, 3, 'open', 1, 10, 1764000028000, '{"id":3,"status":"open","visitor":{"id":3,"name":"Chloé B.","email":"chloe@example.com","proven":{"email":"chloe@example.com","name":"Chloé B."}},"data":{"cart":"true"},"department":null,"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"},"dismissed_by":[],"last_seq":10,"last_public_seq":9,"started_at":1764000024000,"updated_at":1764000028000,"ended_at":null,"messages":3,"last_message":{"by":"visitor","at":1764000028000,"text":"One more line and a paragraph"},"visitor_side":{"unread":[6],"delivered":6,"read":0},"agents_side":{"unread":[4,8],"delivered":0,"read":0}}'),
(4, 4, 'ended', 1, 6, 1764000031000, '{"id":4,"status":"ended","visitor":{"id":4,"name":"Mallory","email":null},"department":null,"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"},"dismissed_by":[],"last_seq":6,"last_public_seq":6,"started_at":1764000029000,"updated_at":1764000031000,"ended_at":1764000031000,"messages":1,"last_message":{"by":"visitor","at":1764000029000,"text":"Hello from 4"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0},"blocked_until":1764086431000}'),
(5, 5, 'ended', NULL, 6, 1764000033000, '{"id":5,"status":"ended","visitor":{"id":5,"name":null,"email":"trudy@example.com"},"department":null,"agent":null,"dismissed_by":[],"last_seq":6,"last_public_seq":5,"started_at":1764000032000,"updated_at":1764000033000,"ended_at":1764000033000,"messages":1,"last_message":{"by":"visitor","at":1764000032000,"text":"Hello from 5"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(6, 6, 'ended', NULL, 6, 1764000036000, '{"id":6,"status":"ended","visitor":{"id":6,"name":null,"email":"fay@example.com"},"department":{"id":1,"name":"Sales"},"agent":null,"dismissed_by":[],"last_seq":6,"last_public_seq":6,"started_at":1764000035000,"updated_at":1764000036000,"ended_at":1764000036000,"messages":1,"last_message":{"by":"visitor","at":1764000035000,"text":"Hello from 6"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0},"tickets":[{"id":2,"subject":"Call me"}]}'),
(7, 7, 'waiting', NULL, 5, 1764000109000, '{"id":7,"status":"waiting","visitor":{"id":7,"name":null,"email":"v7@example.com"},"department":null,"agent":null,"dismissed_by":[],"last_seq":5,"last_public_seq":5,"started_at":1764000037000,"updated_at":1764000109000,"released_at":1764000109000,"ended_at":null,"messages":1,"last_message":{"by":"visitor","at":1764000037000,"text":"Hello from 7"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(8, 8, 'open', 1, 6, 1764000329000, '{"id":8,"status":"open","visitor":{"id":8,"name":null,"email":"v8@example.com"},"department":null,"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"},"dismissed_by":[],"last_seq":6,"last_public_seq":6,"started_at":1764000110000,"updated_at":1764000329000,"released_at":1764000182000,"ended_at":null,"messages":1,"last_message":{"by":"visitor","at":1764000110000,"text":"Hello from 8"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}'),
(9, 9, 'ended', NULL, 6, 1764000330000, '{"id":9,"status":"ended","visitor":{"id":9,"name":null,"email":"v9@example.com"},"department":null,"agent":null,"dismissed_by":[],"last_seq":6,"last_public_seq":6,"started_at":1764000183000,"updated_at":1764000330000,"released_at":1764000255000,"ended_at":1764000330000,"messages":1,"last_message":{"by":"visitor","at":1764000183000,"text":"Hello from 9"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0},"transcripts":["v9@example.com"]}'),
(10, 10, 'waiting', NULL, 5, 1764000328000, '{"id":10,"status":"waiting","visitor":{"id":10,"name":null,"email":"v10@example.com"},"department":null,"agent":null,"dismissed_by":[],"last_seq":5,"last_public_seq":5,"started_at":1764000256000,"updated_at":1764000328000,"released_at":1764000328000,"ended_at":null,"messages":1,"last_message":{"by":"visitor","at":1764000256000,"text":"Hello from 10"},"visitor_side":{"unread":[],"delivered":0,"read":0},"agents_side":{"unread":[3],"delivered":0,"read":0}}');

INSERT INTO events (chat_id, seq, public, at, author, command_id, body) VALUES
(1, 1, 1, 1764000003000, 'visitor', x'019ab697f3b8780b800405060708090a', '["visitor",{"type":"started","visitor":{"id":1,"name":"Ada","email":"ada@example.com","proven":{"subject":"customer-7","email":"ada@example.com"}},"department":{"id":1,"name":"Sales"}}]'),
(1, 2, 0, 1764000003000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":{"at":1763100000000,"url":"https://shop.example/"},"session":{"at":1763999940000,"url":"https://shop.example/lamps"},"pages":[{"at":1763999940000,"url":"https://shop.example/lamps","title":"Lamps","referrer":"https://search.example/"}],"language":"de-AT","time_zone":"Europe/Vienna"},"site":{"id":1,"name":"Shop"}}]'),
(1, 3, 0, 1764000003000, 'visitor', NULL, '["visitor",{"type":"data_told","data":{"plan":"pro","seats":"3"}}]'),
(1, 4, 0, 1764000003000, 'visitor', NULL, '["visitor",{"type":"page_viewed","page":{"at":1764000000000,"url":"https://shop.example/lamps/7","title":"A lamp","referrer":"https://shop.example/lamps"}}]'),
(1, 5, 1, 1764000003000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 1"}]}]'),
(1, 6, 0, 1764000004000, 'visitor', x'019ab697f7a0700f800405060708090a', '["visitor",{"type":"page_viewed","page":{"at":1764000000005,"url":"https://shop.example/cart","title":"Cart","referrer":""}}]'),
(1, 7, 0, 1764000005000, 'agent:2', x'019ab697fb887813800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"dismissed"}]'),
(1, 8, 1, 1764000006000, 'agent:1', x'019ab697ff707017800405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"accepted"}]'),
(1, 9, 1, 1764000009000, 'agent:1', x'019ab6980b287823800405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"message","text":[{"paragraph":["Yes, to ",{"text":"Ireland","bold":true,"italic":true},{"text":", see ","underline":true,"strike":true},{"text":"here","link":"https://shop.example/ship"}]},{"bullet_list":[[{"paragraph":"One"}],[{"paragraph":"Two"},{"ordered_list":[[{"paragraph":"Deep"}]]}]]},{"quote":[{"paragraph":"Do you ship?"}]},{"code":"let a = 1;\nlet b = 2;"},{"paragraph":[{"text":"x = y","code":true}]}]}]'),
(1, 10, 1, 1764000011000, 'visitor', x'019ab69812f8782a800405060708090a', '["visitor",{"type":"message","text":[],"attachments":[{"id":"01901234-5678-7abc-8def-0123456789ab","name":"lamp.png","mime":"image/png","size":10,"width":3,"height":2}]}]'),
(1, 11, 1, 1764000012000, 'visitor', x'019ab69816e0702e800405060708090a', '["visitor",{"type":"delivered","up_to":9}]'),
(1, 12, 1, 1764000013000, 'visitor', x'019ab6981ac87832800405060708090a', '["visitor",{"type":"read","up_to":9}]'),
(1, 13, 1, 1764000014000, 'agent:1', x'019ab6981eb07036800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"read","up_to":10}]'),
(1, 14, 1, 1764000015000, 'agent:2', x'019ab6982298783a800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"department_changed","department":{"id":2,"name":"Support"}}]'),
(1, 15, 0, 1764000016000, 'agent:1', x'019ab6982680703e800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"labels_changed","labels":[{"id":2,"name":"vip","color":3},{"id":1,"name":"urgent","color":2}]}]'),
(1, 16, 0, 1764000017000, 'agent:1', x'019ab6982a687842800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"ticket_created","ticket":{"id":1,"subject":"Dark lamp"}}]'),
(1, 17, 1, 1764000018000, 'visitor', x'019ab6982e507046800405060708090a', '["visitor",{"type":"ended"}]'),
(1, 18, 1, 1764000019000, 'visitor', x'019ab6983238784a800405060708090a', '["visitor",{"type":"rated","helpful":false,"comment":"Slow"}]'),
(1, 19, 1, 1764000020000, 'visitor', x'019ab6983620704e800405060708090a', '["visitor",{"type":"rated","helpful":true,"comment":""}]'),
(1, 20, 1, 1764000021000, 'visitor', x'019ab6983a087852800405060708090a', '["visitor",{"type":"transcript_requested","email":"countess@example.org"}]'),
(2, 1, 1, 1764000022000, 'visitor', x'019ab6983df07055800405060708090a', '["visitor",{"type":"started","visitor":{"id":2,"name":null,"email":null},"department":null}]'),
(2, 2, 0, 1764000022000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(2, 3, 1, 1764000022000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 2"}]}]'),
(2, 4, 0, 1764000023000, 'agent:2', x'019ab69841d87859800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"dismissed"}]'),
(3, 1, 1, 1764000024000, 'visitor', x'019ab69845c0705d800405060708090a', '["visitor",{"type":"started","visitor":{"id":3,"name":"Chloé","email":null},"department":null}]'),
(3, 2, 0, 1764000024000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(3, 3, 0, 1764000024000, 'visitor', NULL, '["visitor",{"type":"page_viewed","page":{"at":1764000000000,"url":"https://shop.example/","title":"","referrer":""}}]'),
(3, 4, 1, 1764000024000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 3"}]}]'),
(3, 5, 1, 1764000025000, 'agent:1', x'019ab69849a87861800405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"accepted"}]'),
(3, 6, 1, 1764000026000, 'agent:1', x'019ab6984d907065800405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"message","text":[{"paragraph":"Hi!"}]}]'),
(3, 7, 1, 1764000027000, 'visitor', x'019ab69851787869800405060708090a', '["visitor",{"type":"delivered","up_to":6}]'),
(3, 8, 1, 1764000028000, 'visitor', x'019ab6985560706d800405060708090a', '["visitor",{"type":"message","text":[{"paragraph":"One\nmore line"},{"paragraph":"and a paragraph"}]}]'),
(3, 9, 1, 1764000331000, 'visitor', x'019ab69cf4f8780c850405060708090a', '["visitor",{"type":"identified","proven":{"email":"chloe@example.com","name":"Chloé B."}}]'),
(3, 10, 0, 1764000331000, 'visitor', NULL, '["visitor",{"type":"data_told","data":{"cart":"true"}}]'),
(4, 1, 1, 1764000029000, 'visitor', x'019ab69859487871800405060708090a', '["visitor",{"type":"started","visitor":{"id":4,"name":"Mallory","email":null},"department":null}]'),
(4, 2, 0, 1764000029000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(4, 3, 1, 1764000029000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 4"}]}]'),
(4, 4, 1, 1764000030000, 'agent:1', x'019ab6985d307075800405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"accepted"}]'),
(4, 5, 0, 1764000031000, 'agent:1', x'019ab69861187879800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"blocked","until":1764086431000,"reason":"Spam","address":"192.0.2.7"}]'),
(4, 6, 1, 1764000031000, 'agent:1', NULL, '[{"agent":{"id":1,"name":"Eve"}},{"type":"ended"}]'),
(5, 1, 1, 1764000032000, 'visitor', x'019ab6986500707d800405060708090a', '["visitor",{"type":"started","visitor":{"id":5,"name":null,"email":"trudy@example.com"},"department":null}]'),
(5, 2, 0, 1764000032000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(5, 3, 1, 1764000032000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 5"}]}]'),
(5, 4, 0, 1764000033000, 'agent:2', x'019ab69868e87880800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"blocked","until":1764086433000,"reason":"Rude","address":null}]'),
(5, 5, 1, 1764000033000, 'agent:2', NULL, '[{"agent":{"id":2,"name":"Bob"}},{"type":"ended"}]'),
(5, 6, 0, 1764000034000, 'agent:1', x'019ab6986cd07084800405060708090a', '[{"agent":{"id":1,"name":"Eve"}},{"type":"block_lifted"}]'),
(6, 1, 1, 1764000035000, 'visitor', x'019ab69870b87888800405060708090a', '["visitor",{"type":"started","visitor":{"id":6,"name":null,"email":null},"department":{"id":1,"name":"Sales"}}]'),
(6, 2, 0, 1764000035000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(6, 3, 1, 1764000035000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 6"}]}]'),
(6, 4, 1, 1764000036000, 'visitor', x'019ab69874a0708c800405060708090a', '["visitor",{"type":"email_entered","email":"fay@example.com"}]'),
(6, 5, 0, 1764000036000, 'visitor', NULL, '["visitor",{"type":"ticket_created","ticket":{"id":2,"subject":"Call me"}}]'),
(6, 6, 1, 1764000036000, 'visitor', NULL, '["visitor",{"type":"ended"}]'),
(7, 1, 1, 1764000037000, 'visitor', x'019ab69878887890800405060708090a', '["visitor",{"type":"started","visitor":{"id":7,"name":null,"email":"v7@example.com"},"department":null}]'),
(7, 2, 0, 1764000037000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(7, 3, 1, 1764000037000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 7"}]}]'),
(7, 4, 1, 1764000038000, 'agent:2', x'019ab6987c707094800405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"accepted"}]'),
(7, 5, 1, 1764000109000, 'system', x'019ab69991c878a9810405060708090a', '["system",{"type":"released","agent":{"id":2,"name":"Bob"},"reason":"connection_lost"}]'),
(8, 1, 1, 1764000110000, 'visitor', x'019ab69995b070ad810405060708090a', '["visitor",{"type":"started","visitor":{"id":8,"name":null,"email":"v8@example.com"},"department":null}]'),
(8, 2, 0, 1764000110000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(8, 3, 1, 1764000110000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 8"}]}]'),
(8, 4, 1, 1764000111000, 'agent:2', x'019ab699999878b1810405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"accepted"}]'),
(8, 5, 1, 1764000182000, 'system', x'019ab69aaef070c6820405060708090a', '["system",{"type":"released","agent":{"id":2,"name":"Bob"},"reason":"connection_lost"}]'),
(8, 6, 1, 1764000329000, 'agent:1', x'019ab69ced287805850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"accepted"}]'),
(9, 1, 1, 1764000183000, 'visitor', x'019ab69ab2d878ca820405060708090a', '["visitor",{"type":"started","visitor":{"id":9,"name":null,"email":"v9@example.com"},"department":null}]'),
(9, 2, 0, 1764000183000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(9, 3, 1, 1764000183000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 9"}]}]'),
(9, 4, 1, 1764000184000, 'agent:2', x'019ab69ab6c070ce820405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"accepted"}]'),
(9, 5, 1, 1764000255000, 'system', x'019ab69bcc1878e4830405060708090a', '["system",{"type":"released","agent":{"id":2,"name":"Bob"},"reason":"logged_out"}]'),
(9, 6, 1, 1764000330000, 'visitor', x'019ab69cf1107009850405060708090a', '["visitor",{"type":"ended"}]'),
(10, 1, 1, 1764000256000, 'visitor', x'019ab69bd00070e8830405060708090a', '["visitor",{"type":"started","visitor":{"id":10,"name":null,"email":"v10@example.com"},"department":null}]'),
(10, 2, 0, 1764000256000, 'visitor', NULL, '["visitor",{"type":"visit_recorded","connection":{"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64)"},"visit":{"first":null,"session":null,"pages":[]}}]'),
(10, 3, 1, 1764000256000, 'visitor', NULL, '["visitor",{"type":"message","text":[{"paragraph":"Hello from 10"}]}]'),
(10, 4, 1, 1764000257000, 'agent:2', x'019ab69bd3e878eb830405060708090a', '[{"agent":{"id":2,"name":"Bob"}},{"type":"accepted"}]'),
(10, 5, 1, 1764000328000, 'system', x'019ab69ce9407001850405060708090a', '["system",{"type":"released","agent":{"id":2,"name":"Bob"},"reason":"deactivated"}]');

INSERT INTO outbox (id, kind, chat_id, payload, dedup, state, attempts, due_at, last_error, created_at) VALUES
(1, 'transcript', 1, '{"kind":"transcript","to":"ada@example.com"}', 'transcript-1', 'done', 1, 3528000000000, NULL, 1764000018000),
(2, 'transcript', 1, '{"kind":"transcript","to":"countess@example.org"}', 'transcript-1-20', 'parked', 1, 3528000000000, '550 no such user', 1764000021000),
(3, 'transcript', 5, '{"kind":"transcript","to":"trudy@example.com"}', 'transcript-5', 'due', 0, 1764000033000, NULL, 1764000033000),
(4, 'ticket_received', NULL, '{"kind":"ticket_received","ticket":2}', 'ticket-2-1', 'due', 0, 1764000036000, NULL, 1764000036000),
(5, 'transcript', 9, '{"kind":"transcript","to":"v9@example.com"}', 'transcript-9', 'due', 0, 1764000330000, NULL, 1764000330000),
(6, 'ticket_reply', NULL, '{"kind":"ticket_reply","ticket":1,"entry":2}', 'ticket-1-2', 'due', 0, 1764000332000, NULL, 1764000332000),
(7, 'ticket_received', NULL, '{"kind":"ticket_received","ticket":3}', 'ticket-3-1', 'due', 0, 1764000338000, NULL, 1764000338000),
(8, 'test_mail', NULL, '{"kind":"test_mail","to":"eve@example.com"}', 'test-1', 'due', 0, 1764000339000, NULL, 1764000339000);

REPLACE INTO counters (name, value) VALUES
('department', 0),
('ticket', 3);

INSERT INTO tickets (id, status, assignee_id, chat_id, created_at, updated_at, last_seq, state) VALUES
(1, 'resolved', 2, 1, 1764000017000, 1764000337000, 9, '{"id":1,"subject":"Dark lamp","status":"resolved","name":"Ada","email":"ada@example.com","email_proven":true,"department":{"id":1,"name":"Sales"},"labels":[{"id":2,"name":"vip","color":3}],"assignee":{"id":2,"name":"Bob"},"chat":1,"created_at":1764000017000,"updated_at":1764000337000,"last_seq":9}'),
(2, 'open', NULL, 6, 1764000036000, 1764000036000, 1, '{"id":2,"subject":"Call me","status":"open","name":"Fay","email":"fay@example.com","department":{"id":1,"name":"Sales"},"labels":[],"assignee":null,"chat":6,"created_at":1764000036000,"updated_at":1764000036000,"last_seq":1}'),
(3, 'open', NULL, NULL, 1764000338000, 1764000338000, 1, '{"id":3,"subject":"Nobody there","status":"open","name":null,"email":"late@example.com","email_proven":true,"department":{"id":1,"name":"Sales"},"labels":[],"assignee":null,"chat":null,"created_at":1764000338000,"updated_at":1764000338000,"last_seq":1}');

INSERT INTO ticket_entries (ticket_id, seq, at, command_id, body) VALUES
(1, 1, 1764000017000, NULL, '[{"agent":{"id":1,"name":"Eve"}},{"type":"described","text":[{"paragraph":"It is dark."}]}]'),
(1, 2, 1764000332000, x'019ab69cf8e07010850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"replied","text":[{"paragraph":[{"text":"Light!","bold":true}]}]}]'),
(1, 3, 1764000332000, NULL, '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"assigned","agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}}]'),
(1, 4, 1764000332000, NULL, '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"status_changed","status":"pending"}]'),
(1, 5, 1764000333000, x'019ab69cfcc87814850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"noted","text":[{"paragraph":"Knows us"}]}]'),
(1, 6, 1764000334000, x'019ab69d00b07018850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"status_changed","status":"resolved"}]'),
(1, 7, 1764000335000, x'019ab69d0498781c850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"assigned","agent":{"id":2,"name":"Bob"}}]'),
(1, 8, 1764000336000, x'019ab69d08807020850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"department_changed","department":{"id":1,"name":"Sales"}}]'),
(1, 9, 1764000337000, x'019ab69d0c687824850405060708090a', '[{"agent":{"id":1,"name":"Eve","photo":"01901234-5678-7abc-8def-0123456789ac"}},{"type":"labels_changed","labels":[{"id":2,"name":"vip","color":3}]}]'),
(2, 1, 1764000036000, NULL, '["visitor",{"type":"described","text":[{"paragraph":"Call me"}]}]'),
(3, 1, 1764000338000, x'019ab69d10507028850405060708090a', '["visitor",{"type":"described","text":[{"paragraph":"Nobody there"}]}]');

INSERT INTO ticket_search (rowid, subject, requester, text) VALUES
(1, 'Dark lamp', 'Ada ada@example.com', 'It is dark.
Light!
Knows us'),
(2, 'Call me', 'Fay fay@example.com', 'Call me'),
(3, 'Nobody there', ' late@example.com', 'Nobody there');

INSERT INTO chat_search (rowid, visitor, text) VALUES
(1, 'Ada ada@example.com', 'Hello from 1
Yes, to Ireland, see here (https://shop.example/ship)

- One
- Two

  1. Deep

> Do you ship?

    let a = 1;
    let b = 2;

x = y

lamp.png'),
(4, 'Mallory', 'Hello from 4'),
(5, 'trudy@example.com', 'Hello from 5'),
(6, 'fay@example.com', 'Hello from 6'),
(9, 'v9@example.com', 'Hello from 9');

INSERT INTO files (id, chat_id, author, name, size, mime, width, height, stored, attached, created_at) VALUES
(x'0190123456787abc8def0123456789ab', 1, 'visitor', 'lamp.png', 10, 'image/png', 3, 2, 1, 1, 1764000010000);

INSERT INTO labels (id, name, color) VALUES
(1, 'urgent', 2),
(2, 'vip', 3);

INSERT INTO blocks (id, visitor_id, name, address, reason, agent_id, agent_name, chat_id, at, until, lifted_by_id, lifted_by_name, lifted_at) VALUES
(1, 4, 'Mallory', '192.0.2.7', 'Spam', 1, 'Eve', 4, 1764000031000, 1764086431000, NULL, NULL, NULL),
(2, 5, 'trudy@example.com', NULL, 'Rude', 2, 'Bob', 5, 1764000033000, 1764086433000, 1, 'Eve', 1764000034000);

INSERT INTO settings (key, value) VALUES
('link_key', '"AAAA"'),
('rules', '{"answer_within_s":60,"release_after_s":60,"max_file_mb":20,"max_files":5}');

INSERT INTO owner_leases (agent_id, expires_at) VALUES
(1, 1764000394000),
(2, 1764000322000);

INSERT INTO released_chats (agent_id, chat_id, at) VALUES
(2, 7, 1764000109000),
(2, 8, 1764000182000);

INSERT INTO sites (id, key, name, origins, color, greeting, away) VALUES
(1, 'shop', 'Shop', '["https://shop.example"]', '#112233', 'Hello!', 'Later');

INSERT INTO site_departments (site_id, department_id) VALUES
(1, 1);
