/// A generated serve, with a bucket and a moment for which it is known what it serves.
struct Serve {
  /// What stands behind `serve:` or `otherwise:`, indented by four.
  let text: String
  /// The variant that is served.
  let variant: String
  /// The percent to which the bucket is forced for that; nil where no bucket decides.
  var bucket: String?
  /// The moment at which it is; nil where time does not matter.
  var moment: String?
  /// Whether its bucket hangs on the attribute company.id.
  var isByCompany = false

  /// Serves one variant.
  init(_ variant: String) {
    text = " \(variant)\n"
    self.variant = variant
  }

  /// One of the forms in which buckets decide.
  ///
  /// Those of `otherwise` are never by company, because a context that names
  /// its company is not one that says nothing.
  init(among variants: [String], mayBeByCompany: Bool = true, _ random: inout SplitMix64) {
    switch random.below(10) {
    case ..<6: self.init(split: variants, mayBeByCompany: mayBeByCompany, &random)
    case ..<8: self.init(ranges: variants, &random)
    default: self.init(ramp: variants, &random)
    }
  }

  private init(split variants: [String], mayBeByCompany: Bool, _ random: inout SplitMix64) {
    var left = 100_000
    var shares: [Int] = []
    for place in variants.indices.dropLast() {
      let most = left / (variants.count - place)
      let share = random.chance(80) ? 1000 * (1 + random.below(most / 1000)) : 1 + random.below(most)
      shares.append(share)
      left -= share
    }
    shares.append(left)
    let entries = zip(variants, shares).map { "\($0): \(percent($1))" }.joined(separator: ", ")
    var text = "\n      split: {\(entries)}\n"
    isByCompany = random.chance(20) && mayBeByCompany
    if isByCompany { text += "      by: company.id               # all of a company get the same\n" }
    if random.chance(30) { text += "      seed: \(random.pick(Vocabulary.places))-2026\n" }
    self.text = text
    variant = variants[1]
    bucket = percent(shares[0])
  }

  private init(ranges variants: [String], _ random: inout SplitMix64) {
    let moved = 1000 * (1 + random.below(30))
    text = """

            ranges:
              \(variants[0]): [[0, 10], [\(percent(50_000 - moved)), 50]]
              \(variants[1]): [[10, \(percent(50_000 - moved))], [50, 100]]

      """
    variant = variants[0]
    bucket = percent(50_000 - moved)
  }

  private init(ramp variants: [String], _ random: inout SplitMix64) {
    let month = 1 + random.below(9)
    text = """

            ramp: \(variants[1])
            from: \(variants[0])
            shape: \(random.pick(["step", "linear"]))
            steps:
              - {at: 2026-0\(month)-01T09:00:00Z, percent: \(1 + random.below(9))}
              - {at: 2026-0\(month)-08T09:00:00Z, percent: 25}
              - {at: 2026-0\(month)-15T09:00:00Z, percent: \(random.chance(70) ? "100" : "62.5")}

      """
    variant = variants[1]
    bucket = "62.499"
    moment = "2026-12-01T00:00:00Z"
  }
}

/// Buckets as percent, with as many decimals as it takes.
private func percent(_ buckets: Int) -> String {
  var text = "\(buckets / 1000)"
  var rest = buckets % 1000
  guard rest > 0 else { return text }
  text += "."
  while rest > 0 {
    text += "\(rest / 100)"
    rest = rest % 100 * 10
  }
  return text
}
