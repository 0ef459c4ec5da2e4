internal import Glibc

// A reader that goes away is an error of `write` here, not the end of the process: what is being written elsewhere is
// finished, and the exit status stays ours.
signal(SIGPIPE, SIG_IGN)
// Not `CommandLine.arguments`: making that list takes a fiftieth of a short command.
var words: [String] = []
for place in 1..<max(Int(CommandLine.argc), 1) {
  if let word = CommandLine.unsafeArgv[place] { words.append(String(cString: word)) }
}
exit(Program.run(words, console: .ofProcess()).rawValue)
