internal import Glibc

/// What a run has measured, row by row.
struct Report {
  private var rows: [Row] = []
  private var notes: [String] = []

  /// One figure, beside its baseline where it has one.
  fileprivate struct Row {
    let what: String
    let measured: Quantity
    let baseline: (name: String, quantity: Quantity)?
    /// What the limit is about: the ratio to the baseline, or the figure itself.
    let judged: Double?
    let limit: Limit?
  }

  /// A figure with its unit.
  enum Quantity {
    case seconds(Double)
    case bytes(Double)
    case count(Double)
    case ratio(Double)

    /// The figure in the unit that it is told in.
    var value: Double {
      switch self {
      case .seconds(let value), .bytes(let value), .count(let value), .ratio(let value): value
      }
    }
  }

  /// Adds a comparison of two times measured in turns: the medians, and the median of the ratios of each turn.
  ///
  /// - Parameter operations: How many operations a time is of; the times are told for one.
  mutating func add(
    _ what: String, _ times: [Double], against baseline: String, _ baselineTimes: [Double], operations: Int = 1,
    limit: Limit? = nil
  ) {
    let ratio = median(zip(times, baselineTimes).map { $0 / $1 })
    rows.append(
      Row(
        what: what, measured: .seconds(median(times) / Double(operations)),
        baseline: (baseline, .seconds(median(baselineTimes) / Double(operations))), judged: ratio, limit: limit))
  }

  /// Adds a comparison whose ratio is not that of the two times.
  mutating func add(
    _ what: String, _ measured: Quantity, against baseline: String, _ quantity: Quantity, ratio: Double,
    limit: Limit? = nil
  ) {
    rows.append(Row(what: what, measured: measured, baseline: (baseline, quantity), judged: ratio, limit: limit))
  }

  /// Adds a figure without a baseline.
  mutating func add(_ what: String, _ measured: Quantity, limit: Limit? = nil) {
    rows.append(
      Row(what: what, measured: measured, baseline: nil, judged: limit.map { _ in measured.value }, limit: limit))
  }

  /// Tries a measurement that needs something that not every machine has.
  ///
  /// - Returns: The measurement; nil, and a note in the report, when it fails.
  mutating func peer(_ name: String, _ measurement: @escaping Timed) -> Timed? {
    do {
      _ = try measurement()
      return measurement
    } catch {
      notes.append("no comparison with \(name): \((error as? Failure)?.message ?? "\(error)")")
      return nil
    }
  }

  /// The limits of which this run says nothing.
  private var unmeasured: [Limit] {
    Limit.all.filter { limit in !rows.contains { $0.limit?.name == limit.name } }
  }

  /// The report as a table.
  var text: String {
    var lines = [["what", "measured", "baseline", "ratio", "limit", ""]]
    for row in rows {
      let hasRatio = row.baseline != nil
      lines.append([
        row.what, row.measured.text, row.baseline.map { "\($0.quantity.text) \($0.name)" } ?? "",
        hasRatio ? row.judged.map { "\(fixed($0, 2)) ×" } ?? "" : "", row.limit?.bound.text ?? "", row.verdict ?? "",
      ])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = ""
    for line in lines {
      let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      var shown = cells.joined(separator: "  ")
      while shown.last == " " { shown.removeLast() }
      text += shown + "\n"
    }
    let missing = unmeasured
    if !missing.isEmpty { text += "\nnot measured in this run: \(missing.map(\.name).joined(separator: ", "))\n" }
    for note in notes { text += "\(note)\n" }
    return text
  }

  /// The report as one JSON document.
  ///
  /// Times are in seconds, sizes in bytes.
  var json: String {
    let shown = rows.map { row -> String in
      var members = ["\"what\":\(quoted(row.what))", "\"unit\":\"\(row.measured.unit)\""]
      members.append("\"measured\":\(row.measured.value)")
      if let baseline = row.baseline {
        members.append("\"baseline\":{\"name\":\(quoted(baseline.name)),\"measured\":\(baseline.quantity.value)}")
        if let ratio = row.judged { members.append("\"ratio\":\(ratio)") }
      }
      if let limit = row.limit, let verdict = row.verdict {
        members.append(
          "\"limit\":{\"name\":\"\(limit.name)\",\"bound\":\"\(limit.bound.text)\",\"verdict\":\"\(verdict)\"}")
      }
      return "{\(members.joined(separator: ","))}"
    }
    let missing = unmeasured.map { "\"\($0.name)\"" }.joined(separator: ",")
    return
      "{\"machine\":\(Self.machine),\"figures\":[\(shown.joined(separator: ",\n"))],\"notMeasured\":[\(missing)],"
      + "\"notes\":[\(notes.map(quoted).joined(separator: ","))]}\n"
  }

  private static var machine: String {
    "{\"processors\":\(sysconf(Int32(_SC_NPROCESSORS_ONLN)))}"
  }
}

extension Report.Row {
  /// Whether the limit is kept; nil without one.
  fileprivate var verdict: String? {
    guard let limit, let judged else { return nil }
    return limit.bound.holds(for: judged) ? "within" : "over"
  }
}

extension Report.Quantity {
  fileprivate var unit: String {
    switch self {
    case .seconds: "seconds"
    case .bytes: "bytes"
    case .count: "count"
    case .ratio: "ratio"
    }
  }

  fileprivate var text: String {
    switch self {
    case .seconds(let value) where value < 1e-6: "\(fixed(value * 1e9, 1)) ns"
    case .seconds(let value) where value < 1e-3: "\(fixed(value * 1e6, 1)) µs"
    case .seconds(let value) where value < 10: "\(fixed(value * 1e3, 1)) ms"
    case .seconds(let value): "\(fixed(value, 1)) s"
    case .bytes(let value): "\(fixed(value / 1e6, 1)) MB"
    case .count(let value): fixed(value, value == value.rounded() ? 0 : 3)
    case .ratio(let value): "\(fixed(value, 2)) ×"
    }
  }
}

private func quoted(_ text: String) -> String {
  "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
}

/// A number with so many decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let whole = "\(value < 0 ? "-" : "")\(scaled / Int(scale))"
  guard decimals > 0 else { return whole }
  let digits = "\(scaled % Int(scale))"
  return "\(whole).\(String(repeating: "0", count: decimals - digits.count))\(digits)"
}

/// The middle one of the values, or the mean of the two in the middle; 0 without any.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
