// Loaded into every server before its own code.

// Memory is compared without garbage.
process.on("SIGUSR2", () => {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
});

// However the bench ends, its end of the pipe closes: no server outlives it.
process.stdin.on("end", () => process.exit()).resume();
