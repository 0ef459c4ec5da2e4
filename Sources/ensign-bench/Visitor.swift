/// One of the people for whom the flag of the evaluation benchmark is evaluated: for none does one of its rules hold.
struct Visitor {
  let targetingKey: String
  let country: String
  let age: Int
  let email: String
  let plan: String

  /// So many different ones.
  static func make(_ count: Int, seed: UInt64) -> [Visitor] {
    var random = SplitMix64(seed: seed)
    let asked: Set = ["AT", "CH", "DE", "FR", "NL"]
    let elsewhere = Vocabulary.countries.filter { !asked.contains($0) }
    return (0..<count).map { index in
      let age = 18 + random.below(70)
      return Visitor(
        targetingKey: "user-\(10_000_000_000 + random.below(900_000) * count + index)",
        country: random.pick(age < 65 ? Vocabulary.countries : elsewhere), age: age,
        email: "\(random.pick(Vocabulary.companies)).\(random.below(10_000))@mail.example",
        plan: random.pick(["free", "pro"]))
    }
  }
}
