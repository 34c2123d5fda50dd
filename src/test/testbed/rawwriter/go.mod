module tidewaiter.dev/testbed/rawwriter

go 1.26.0
