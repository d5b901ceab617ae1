"""The program: configuration, wiring, starting and stopping. Read `build` to see how everything hangs together."""
