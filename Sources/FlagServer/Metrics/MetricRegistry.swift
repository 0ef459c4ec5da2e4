internal import Synchronization

/// The numbers of a process, by metric and labels.
///
/// Looking a number up costs more than changing it: who counts often keeps what it found.
package final class MetricRegistry: Sendable {
  private struct Series: Hashable {
    let metric: String
    let labels: [String]
  }

  private let values = Mutex<[Series: MetricValue]>([:])
  private let histograms = Mutex<[Series: MetricHistogram]>([:])

  /// A registry without numbers.
  package init() {}

  /// The number of a counter or gauge under the values of its labels, in their order.
  package func value(_ metric: Metric, _ labels: String...) -> MetricValue {
    precondition(labels.count == metric.labels.count && metric.kind != .histogram, "as the metric is declared")
    return values.withLock { values in
      let series = Series(metric: metric.name, labels: labels)
      if let value = values[series] { return value }
      let value = MetricValue()
      values[series] = value
      return value
    }
  }

  /// The observations of a histogram under the values of its labels, in their order.
  package func histogram(_ metric: Metric, _ labels: String...) -> MetricHistogram {
    precondition(labels.count == metric.labels.count && metric.kind == .histogram, "as the metric is declared")
    return histograms.withLock { histograms in
      let series = Series(metric: metric.name, labels: labels)
      if let histogram = histograms[series] { return histogram }
      let histogram = MetricHistogram()
      histograms[series] = histogram
      return histogram
    }
  }

  /// The media type of the exposition.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The exposition in the text format of Prometheus.
  ///
  /// - Parameter environments: whose numbers are shown, of those under a label `environment`; nil shows all.
  package func exposition(of environments: Set<String>? = nil) -> [UInt8] {
    let (values, histograms) = (values.withLock { $0 }, histograms.withLock { $0 })
    var text = ""
    for metric in Metric.all {
      let place = metric.labels.firstIndex(of: "environment")
      func isShown(_ series: Series) -> Bool {
        guard series.metric == metric.name else { return false }
        guard let place, let environments else { return true }
        return environments.contains(series.labels[place])
      }
      let lines =
        metric.kind == .histogram
        ? histograms.filter { isShown($0.key) }.sorted { Self.precedes($0.key, $1.key) }
          .map { Self.lines(metric, $0.key.labels, $0.value) }
        : values.filter { isShown($0.key) }.sorted { Self.precedes($0.key, $1.key) }
          .map { "\(metric.name)\(Self.labels(metric.labels, $0.key.labels)) \(Self.text($0.value.number))\n" }
      guard !lines.isEmpty else { continue }
      text += "# HELP \(metric.name) \(Self.escaped(metric.help, quotes: false))\n"
      text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n" + lines.joined()
    }
    return Array(text.utf8)
  }

  private static func precedes(_ left: Series, _ right: Series) -> Bool {
    left.labels.lexicographicallyPrecedes(right.labels) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func lines(_ metric: Metric, _ labels: [String], _ histogram: MetricHistogram) -> String {
    let (sum, cumulative) = histogram.state
    var text = ""
    for (bound, count) in zip(Metric.bounds.map { $0.description } + ["+Inf"], cumulative) {
      text += "\(metric.name)_bucket\(Self.labels(metric.labels + ["le"], labels + [bound])) \(Self.text(count))\n"
    }
    let common = Self.labels(metric.labels, labels)
    return text + "\(metric.name)_sum\(common) \(Self.text(sum))\n"
      + "\(metric.name)_count\(common) \(Self.text(cumulative.last ?? 0))\n"
  }

  private static func labels(_ names: [String], _ values: [String]) -> String {
    guard !names.isEmpty else { return "" }
    let pairs = zip(names, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
    return "{\(pairs.joined(separator: ","))}"
  }

  /// Whole numbers without a fraction, as people read them.
  private static func text(_ number: Double) -> String {
    Int64(exactly: number).map { String($0) } ?? number.description
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
