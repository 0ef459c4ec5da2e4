extension Command {
  /// Every command, in the order of the help.
  ///
  /// A new command is a file in this folder and a line here.
  static let index = CommandIndex([
    .init("init") { initialize },
    .init("new flag") { newFlag },
    .init("new segment") { newSegment },
    .init("validate") { validate },
    .init("test") { test },
    .init("check") { check },
    .init("rules") { rules },
    .init("schema") { schema },
    .init("list") { list },
    .init("show") { show },
    .init("stats") { stats },
    .init("compile") { compile },
    .init("export flagd") { exportFlagd },
    .init("export openfeature") { exportOpenFeature },
    .init("pull") { pull },
    .init("eval") { eval },
    .init("explain") { explain },
    .init("enable") { enable },
    .init("disable") { disable },
    .init("kill") { kill },
    .init("rollout") { rollout },
    .init("target") { target },
    .init("promote") { promote },
    .init("archive") { archive },
    .init("key new") { keyNew },
    .init("key show") { keyShow },
    .init("trust init") { trustInit },
    .init("trust rotate") { trustRotate },
    .init("trust sign") { trustSign },
    .init("trust show") { trustShow },
    .init("publish") { publish },
    .init("verify") { verify },
    .init("serve") { serve },
    .init("token new") { tokenNew },
    .init("log") { log },
    .init("diff") { diff },
    .init("blame") { blame },
    .init("timeline") { timeline },
    .init("bisect") { bisect },
    .init("completion") { completion },
    .init("help") { help },
    .init("version") { version },
    .init(CompletionTable.namesCommand) { names },
  ])

  /// Every command, in the order of the help.
  static var all: [Command] { index.all }
}
