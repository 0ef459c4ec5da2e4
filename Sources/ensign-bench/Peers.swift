/// Other programs that do the same work, where this machine has them.
///
/// Each measures inside itself, so that neither its start nor its reading of the file counts.
enum Peers {
  /// How often a peer repeats its work in one turn; the middle one of its times counts.
  private static let repetitions = 5

  /// The time that `JSON.parse` of node takes for a file that it has read to a string.
  static func parse(_ file: String) throws(Failure) -> Double {
    let program = """
      const text = require("fs").readFileSync(process.argv[1], "utf8");
      const times = [];
      for (let i = 0; i < \(repetitions); i++) {
        const start = process.hrtime.bigint();
        JSON.parse(text);
        times.push(Number(process.hrtime.bigint() - start) / 1e9);
      }
      console.log(times.sort((a, b) => a - b)[\(repetitions / 2)]);
      """
    return try time(ChildProcess("node", ["-e", program, file]))
  }

  /// The time that `orjson.dumps` takes for a document that it has read itself.
  ///
  /// - Parameter sorts: Whether it sorts the members by name, as canonical JSON has them.
  static func dump(_ file: String, sorts: Bool, python: String) throws(Failure) -> Double {
    let program = """
      import gc, orjson, sys, time
      gc.disable()
      document = orjson.loads(open(sys.argv[1], "rb").read())
      times = []
      for _ in range(\(repetitions)):
          start = time.perf_counter()
          orjson.dumps(document, option=\(sorts ? "orjson.OPT_SORT_KEYS" : "0"))
          times.append(time.perf_counter() - start)
      print(sorted(times)[\(repetitions / 2)])
      """
    return try time(ChildProcess(python, ["-c", program, file]))
  }

  private static func time(_ process: ChildProcess) throws(Failure) -> Double {
    let output = String(decoding: try process.run(keepsOutput: true).output, as: UTF8.self)
    guard let line = output.split(separator: "\n").first, let seconds = Double(line) else {
      throw Failure("\(process.program) printed no time")
    }
    return seconds
  }
}
