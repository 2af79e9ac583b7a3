import { once } from 'node:events';
import { type AddressInfo, createServer, type Server as TcpServer, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';

/** A mail server on this machine, which keeps what it takes. */
export class SmtpServer {
  /** What it says to every recipient, such as "550 No such user", unless it takes them. */
  refusal?: string;
  readonly taken: Email[] = [];

  private constructor(private readonly tcp: TcpServer) {}

  static async start(): Promise<SmtpServer> {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const smtp = new SmtpServer(tcp);
    tcp.on('connection', (socket) => smtp.talk(socket));
    return smtp;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.tcp.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.tcp.close();
  }

  private talk(socket: Socket): void {
    let heard = '';
    let ends = '\r\n';
    const say = (line: string) => socket.write(`${line}\r\n`);
    const answer = async (said: string) => {
      if (ends !== '\r\n') {
        ends = '\r\n';
        this.taken.push(await PostalMime.parse(said));
        say('250 Taken');
      } else if (said.startsWith('RCPT')) {
        say(this.refusal ?? '250 Fine');
      } else if (said === 'DATA') {
        ends = '\r\n.\r\n';
        say('354 Go on');
      } else if (said === 'QUIT') {
        socket.end('221 Goodbye\r\n');
      } else {
        say('250 Fine');
      }
    };
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', async (more: string) => {
      heard += more;
      for (let end = heard.indexOf(ends); end >= 0; end = heard.indexOf(ends)) {
        const said = heard.slice(0, end);
        heard = heard.slice(end + ends.length);
        await answer(said);
      }
    });
    say('220 mail.example ESMTP');
  }
}
