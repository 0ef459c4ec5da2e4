extension Command {
  /// Every command, in the order of the help.
  ///
  /// A new command is a file in this folder and a line here.
  static let all: [Command] = [
    .initialize, .newFlag, .newSegment, .validate, .test, .check, .rules, .schema, .list, .show, .stats, .compile,
    .exportFlagd,
    .exportOpenFeature, .pull, .eval, .explain,
    .enable, .disable, .kill, .rollout, .target, .promote, .archive,
    .keyNew, .keyShow, .trustInit, .trustRotate, .trustSign, .trustShow, .publish, .verify, .serve,
    .tokenNew,
    .log, .diff, .blame, .timeline, .bisect,
    .completion, .help, .version, .names,
  ]
}
