/// What stands on the command line.
struct Options {
  var command = ""
  var folder: String?
  var flags = 10_000
  var environments = 3
  var seed: UInt64 = 1
  var out: String?
  var isCommitted = false
  var commits = 20_000
  var rounds: Int?
  var streams = 10_000
  var ensign: String
  var python = "python3"
  var isJSON = false

  static let usage = """
    usage: ensign-bench COMMAND [OPTION…]

    commands
      generate    write a flags tree: --out DIR [--flags N] [--environments N] [--seed N] [--commit]
      source DIR  validate, compile and test the tree DIR/flags, and its last commit where DIR is a repository
      growth      validate and compile 1,000, 10,000 and 100,000 flags
      snapshot DIR
                  write, load and evaluate the largest snapshot of the tree DIR/flags
      evaluate    evaluate one flag and all flags
      publish     publish 1,000 flags, against bare libgit2, libyaml and the writing
      kill        kill a flag of 1,000 and publish that, against git commit and ensign publish
      review      who moves by a change of a flag, and of a segment that 500 flags use
      remote      evaluate for clients of OpenFeature's protocol
      verify      verify a signed manifest, against the signature alone
      swap        evaluate while a client swaps a snapshot of --flags flags
      history     the log of a flag and of all flags over --commits commits, against git log
      serve       serve files and events over HTTP, against nginx, which it installs where it may
      start       the start of the commands, against git and a C program with libgit2
      limits      the limits, and what each is about
      all         all of these, with trees of their own in a temporary folder

    options
      --flags N         how many flags (10000)
      --environments N  how many environments (3)
      --seed N          another seed gives another tree (1)
      --commit          make the generated folder a Git repository with one commit
      --commits N       how many commits a history has (20000)
      --streams N       how many clients listen for events (10000)
      --rounds N        how many turns are measured
      --ensign PATH     the command that is measured (beside this program)
      --python PATH     a Python that has orjson (python3)
      --format F        text or json

    Build with `swift build -c release`; figures of a debug build mean nothing.

    """

  /// Reads the arguments, the program's own path first.
  init(_ arguments: [String]) throws(Failure) {
    let program = arguments.first ?? "ensign-bench"
    ensign = program.lastIndex(of: "/").map { "\(program[...$0])ensign" } ?? "ensign"
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--flags": flags = try Self.number(argument, &rest, in: 1...1_000_000)
      case "--environments": environments = try Self.number(argument, &rest, in: 1...100)
      case "--rounds": rounds = try Self.number(argument, &rest, in: 1...1_000_000)
      case "--commits": commits = try Self.number(argument, &rest, in: 2...1_000_000)
      case "--streams": streams = try Self.number(argument, &rest, in: 1...1_000_000)
      case "--seed": seed = UInt64(try Self.number(argument, &rest, in: 0...Int.max))
      case "--out": out = try Self.value(argument, &rest)
      case "--ensign": ensign = try Self.value(argument, &rest)
      case "--python": python = try Self.value(argument, &rest)
      case "--commit": isCommitted = true
      case "--format":
        let format = try Self.value(argument, &rest)
        guard format == "text" || format == "json" else { throw Failure("--format is text or json, not \(format)") }
        isJSON = format == "json"
      case _ where argument.hasPrefix("-"): throw Failure("no option \(argument); `ensign-bench help` lists them")
      case _ where command.isEmpty: command = argument
      case _ where folder == nil: folder = argument
      default: throw Failure("one folder is enough: \(argument)")
      }
    }
  }

  private static func value(_ option: String, _ rest: inout ArraySlice<String>) throws(Failure) -> String {
    guard let value = rest.popFirst() else { throw Failure("\(option) wants a value") }
    return value
  }

  private static func number(
    _ option: String, _ rest: inout ArraySlice<String>, in range: ClosedRange<Int>
  ) throws(Failure) -> Int {
    let value = try value(option, &rest)
    guard let number = Int(value), range.contains(number) else {
      throw Failure("\(option) wants a number from \(range.lowerBound) to \(range.upperBound), not \(value)")
    }
    return number
  }
}
