import Testing

/// Flags as written, and what a snapshot says of them.
@Suite("Compiling flags")
struct FlagCompilationTests {
  @Test("a flag without a config is there and disabled")
  func withoutConfig() throws {
    #expect(
      try TestTree().snapshot() == #"""
        {"environment":"production","flags":{"flag":{"enabled":false,"metadata":{"kind":"operational","owner":"payments"},"off":"off","otherwise":{"variant":"off"},"type":"boolean","variants":{"off":false,"on":true}}},"format":1,"minimumReader":1,"project":"acme-shop"}
        """#)
  }

  @Test("an archived flag is in no snapshot")
  func archived() throws {
    let tree = TestTree(definition: "type: boolean\noff: off\nowner: payments\narchived: true\n")
    #expect(
      try tree.snapshot()
        == #"{"environment":"production","flags":{},"format":1,"minimumReader":1,"project":"acme-shop"}"#)
  }

  @Test(
    "enabled",
    arguments: [
      ("true", "true"), ("false", "false"),
      ("{from: 1970-01-01T00:00:01Z}", #"{"from":1000}"#),
      ("{until: 1970-01-01T00:00:01Z, from: 1970-01-01T00:00:00Z}", #"{"from":0,"until":1000}"#),
    ])
  func enabled(written: String, expected: String) throws {
    #expect(
      try TestTree("enabled: \(written)\notherwise: on\n").flag()
        == #""enabled":\#(expected),"otherwise":{"variant":"on"}"#)
  }

  @Test("metadata, variants and off; description, expires and the order of keys leave no trace")
  func definition() throws {
    let definition = """
      tags: [shop, cart]
      description: Words for people.
      variants: {red: {b: 1, a: [1.50, null, true], "\\u20ac": x}, blue: {}}
      kind: release
      expires: 2099-01-01
      type: object
      off: blue
      owner: payments

      """
    #expect(
      try TestTree("otherwise: red\nenabled: true\n", definition: definition).flag() == #"""
        "enabled":true,"metadata":{"kind":"release","owner":"payments","tags":["cart","shop"]},"off":"blue","otherwise":{"variant":"red"},"type":"object","variants":{"blue":{},"red":{"a":[1.5,null,true],"b":1,"€":"x"}}}
        """#)
  }

  @Test("targets and prerequisites are sorted")
  func targets() throws {
    let tree = TestTree(
      """
      enabled: true
      requires: {z: [on, off], a: on}
      targets: {on: [u2, u10, "u1!", u1], off: [x]}
      otherwise: off

      """,
      [
        ("definitions/a.yaml", "type: boolean\noff: off\nowner: payments\n"),
        ("definitions/z.yaml", "type: boolean\noff: off\nowner: payments\n"),
      ])
    #expect(
      try tree.snapshot().contains(
        #""requires":[{"flag":"a","variants":["on"]},{"flag":"z","variants":["off","on"]}],"#
          + #""targets":[{"keys":["x"],"variant":"off"},{"keys":["u1","u1!","u10","u2"],"variant":"on"}],"#))
  }

  @Test(
    "serves and shares",
    arguments: [
      ("serve: on", #""serve":{"variant":"on"}"#),
      (
        "serve: {split: {on: 25, off: 75}}",
        #""serve":{"algorithm":"murmur3-100000","by":"targetingKey","ranges":[["on",0,25000],["off",25000,100000]],"seed":"flag"}"#
      ),
      (
        "serve: {split: {off: 57, on: 43}, by: company.id, seed: s}",
        #""serve":{"algorithm":"murmur3-100000","by":"company.id","ranges":[["off",0,57000],["on",57000,100000]],"seed":"s"}"#
      ),
      (
        "serve: {split: {on: 0, off: 100}}",
        #""serve":{"algorithm":"murmur3-100000","by":"targetingKey","ranges":[["off",0,100000]],"seed":"flag"}"#
      ),
      (
        "serve: {ranges: {off: [[50, 100], [10, 40.001]], on: [[0, 5], [5, 10], [40.001, 50]]}}",
        #""serve":{"algorithm":"murmur3-100000","by":"targetingKey","ranges":[["on",0,10000],["off",10000,40001],["on",40001,50000],["off",50000,100000]],"seed":"flag"}"#
      ),
      (
        "serve: {ramp: on, from: off, steps: [{at: 1970-01-01T00:00:01Z, percent: 0.5}, {at: 1970-01-02T00:00:00Z, percent: 100}]}",
        #""serve":{"algorithm":"murmur3-100000","by":"targetingKey","ramp":{"from":"off","shape":"step","steps":[[1000,500],[86400000,100000]],"variant":"on"},"seed":"flag"}"#
      ),
      (
        "serve: {ramp: on, from: off, shape: linear, steps: [{at: 1970-01-01T00:00:00Z, percent: 100}]}",
        #""serve":{"algorithm":"murmur3-100000","by":"targetingKey","ramp":{"from":"off","shape":"linear","steps":[[0,100000]],"variant":"on"},"seed":"flag"}"#
      ),
      ("share: 100\nserve: on", #""serve":{"variant":"on"}"#),
      (
        "share: 0\nserve: on",
        #""serve":{"variant":"on"},"share":{"algorithm":"murmur3-100000","buckets":0,"by":"targetingKey","seed":"flag"}"#
      ),
      (
        "share: 33.333\nby: email\nserve: {split: {on: 100}, by: company.id, seed: s}",
        #""serve":{"algorithm":"murmur3-100000","by":"company.id","ranges":[["on",0,100000]],"seed":"s"},"share":{"algorithm":"murmur3-100000","buckets":33333,"by":"email","seed":"s"}"#
      ),
      (
        "share: 1\nseed: t\nserve: {split: {on: 100}, by: company.id}",
        #""serve":{"algorithm":"murmur3-100000","by":"company.id","ranges":[["on",0,100000]],"seed":"flag"},"share":{"algorithm":"murmur3-100000","buckets":1000,"by":"company.id","seed":"t"}"#
      ),
    ])
  func serves(written: String, expected: String) throws {
    #expect(try TestTree.rule(written) == expected)
  }

  @Test("only what is used is declared: attributes of conditions, shares and serves, and what is private among them")
  func attributes() throws {
    let tree = TestTree(
      """
      enabled: true
      rules:
        - {name: a, when: {ip: {within: 10.0.0.0/8}, now: {before: 2030-01-01T00:00:00Z}}, serve: on}
        - {name: b, share: 5, by: age, serve: on}
        - {name: c, share: 100, by: beta, serve: on}
      otherwise: {split: {on: 100}, by: company.id}

      """)
    let snapshot = try tree.snapshot()
    #expect(snapshot.hasPrefix(#"{"attributes":{"age":"integer","company.id":"string","ip":"ip"},"environment""#))
    #expect(snapshot.contains(#""minimumReader":1,"private":["ip"],"project":"#))
  }

  @Test("segments appear when they are used, also by other segments, with their lists merged")
  func segments() throws {
    let tree = TestTree(
      "enabled: true\nrules: [{name: r, when: {segment: outer}, serve: on}]\notherwise: off\n",
      [
        ("segments/x/outer.yaml", "when: {any: [{segment: inner}, {email: {startsWith: a}}]}\n"),
        (
          "segments/inner.yaml",
          "description: Words.\ninclude: [b, \"c \\\" d\", a]\nexclude: [z, y]\nincludeFrom: inner.txt\n"
        ),
        ("segments/inner.txt", "zz\naa\nä\na b\n"),
        ("segments/unused.yaml", "when: {age: 5}\n"),
      ])
    let snapshot = try tree.snapshot()
    #expect(
      snapshot.hasSuffix(
        #""segments":{"inner":{"exclude":["y","z"],"include":["a","a b","aa","b","c \" d","zz","ä"]},"#
          + #""outer":{"when":{"any":[{"attribute":"email","op":"startsWith","values":["a"]},{"segment":["inner"]}]}}}}"#
      ))
    #expect(snapshot.hasPrefix(#"{"attributes":{"email":"string"},"#))
  }
}
