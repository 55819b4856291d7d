/** A container's health check: status 0 when the process on this port of ours says it can do its work. */
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/healthz`);
process.exitCode = answer.ok ? 0 : 1;
