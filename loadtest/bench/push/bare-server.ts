import { createServer } from 'node:http';
import { limits } from '@onsale/shared/limits';
import { Server } from 'socket.io';

/**
 * Nothing but Socket.IO, set up as the gateway's: `bare-server.ts <port>`. It says one text to everyone when it is asked to: by
 * Socket.IO's broadcast, or past all of it, a WebSocket message to each connection.
 */
const server = createServer();
const io = new Server(server, {
  serveClient: false,
  transports: ['websocket', 'polling'],
  connectTimeout: limits.socketConnectTimeoutMs,
  maxHttpBufferSize: limits.socketMessageMaxBytes,
  perMessageDeflate: false,
  httpCompression: false,
});
process.on('message', (message: { say?: object; sayBare?: object }) => {
  if (message.say !== undefined) io.emit('line', message.say);
  if (message.sayBare === undefined) return;
  const text = `42${JSON.stringify(['line', message.sayBare])}`;
  const clients = (io.engine as unknown as { clients: Record<string, Engaged> }).clients;
  for (const { transport } of Object.values(clients)) transport.socket.send(text);
});

/** A connection of the engine below Socket.IO, upgraded. */
interface Engaged {
  readonly transport: { readonly socket: { send(text: string): void } };
}
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send!('ready'));
