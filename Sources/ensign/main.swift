internal import CArguments
internal import Glibc

// A reader that goes away is an error of `write` here, not the end of the process: what is being written elsewhere is
// finished, and the exit status stays ours.
signal(SIGPIPE, SIG_IGN)
// Not `CommandLine.arguments`, for which Swift's library would look for them at each start.
var words: [String] = []
for place in 1..<max(ensign_argument_count(), 1) {
  if let word = ensign_argument(place) { words.append(String(cString: word)) }
}
exit(Program.run(words, console: .ofProcess()).rawValue)
