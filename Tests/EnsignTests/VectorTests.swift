import SeededRandom
import Testing

@testable import Ensign

/// What others have published: RFC 8785's test data and MurmurHash3 by another implementation.
@Suite("Published vectors")
struct VectorTests {
  @Test("RFC 8785 documents", arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
  func documents(_ name: String) throws {
    let value = try JSONValue(parsing: Fixtures.bytes("rfc8785/input/\(name).json"))
    var expected = try Fixtures.bytes("rfc8785/output/\(name).json")
    if expected.last == UInt8(ascii: "\n") { expected.removeLast() }
    #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    #expect(value.canonicalBytes == expected)
    #expect(try JSONValue(parsing: expected).canonicalBytes == expected)
  }

  @Test("ECMAScript's text of 10,000 numbers, both ways")
  func numbers() throws {
    var count = 0
    for line in try Fixtures.text("rfc8785/es6numbers.txt").split(separator: "\n") {
      let fields = line.split(separator: ",")
      let value = Double(bitPattern: try #require(UInt64(fields[0], radix: 16)))
      var bytes: [UInt8] = []
      ECMAScriptNumber.append(value, to: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == fields[1])
      #expect(try JSONReader.read(bytes).number(at: 0) == value)
      count += 1
    }
    #expect(count == 10_000)
  }

  @Test("buckets")
  func buckets() throws {
    let document = try JSONValue(parsing: Fixtures.bytes("murmur3/buckets.json"))
    #expect(document["algorithm"]?.string == Bucketing.algorithm)
    let rows = try #require(document["rows"]?.array)
    #expect(rows.count > 100)
    for row in rows {
      let seed = try #require(row["seed"]?.string)
      let value = try #require(row["value"]?.string)
      let isShare = row["use"]?.string == "share"
      var hash = Murmur3()
      hash.update(seed + (isShare ? "/share/" : "/") + value)
      #expect(Int64(hash.finish()) == row["hash"]?.integer)
      let bucket = isShare ? Bucketing.share(seed: seed, value: value) : Bucketing.serve(seed: seed, value: value)
      #expect(Int64(bucket) == row["bucket"]?.integer)
    }
  }

  @Test("a hash in pieces is the hash of the whole", arguments: UInt64(0)..<50)
  func pieces(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    var whole = Murmur3()
    bytes.withUnsafeBytes { whole.update($0) }
    var pieces = Murmur3()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Int.random(in: 0...9, using: &random)))
      piece.withUnsafeBytes { pieces.update($0) }
      rest = rest.dropFirst(piece.count)
    }
    #expect(pieces.finish() == whole.finish())
  }
}
