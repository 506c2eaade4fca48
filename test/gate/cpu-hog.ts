/** Uses a processor without a pause, for so many seconds at most. */
const untilMs = performance.now() + Number(process.argv[2]) * 1_000
while (performance.now() < untilMs);
