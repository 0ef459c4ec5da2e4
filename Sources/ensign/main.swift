internal import Glibc

// A reader that goes away is an error of `write` here, not the end of the process: what is being written elsewhere is
// finished, and the exit status stays ours.
signal(SIGPIPE, SIG_IGN)
exit(Program.run(Array(CommandLine.arguments.dropFirst()), console: .ofProcess()).rawValue)
