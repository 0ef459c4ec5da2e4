import Testing

/// Conditions as written, and their one spelling in a snapshot.
@Suite("Compiling conditions")
struct ConditionCompilationTests {
  @Test(
    "one spelling per meaning",
    arguments: [
      ("country: DE", #"{"attribute":"country","op":"in","values":["DE"]}"#),
      ("country: [FR, DE, FR]", #"{"attribute":"country","op":"in","values":["DE","FR"]}"#),
      ("country: {is: DE}", #"{"attribute":"country","op":"in","values":["DE"]}"#),
      ("country: {isNot: DE}", #"{"attribute":"country","op":"notIn","values":["DE"]}"#),
      ("country: {notIn: [GB, DE]}", #"{"attribute":"country","op":"notIn","values":["DE","GB"]}"#),
      ("country: {exists: true}", #"{"attribute":"country","op":"exists"}"#),
      ("country: {exists: false}", #"{"attribute":"country","op":"missing"}"#),
      (
        "email: {endsWith: ['@b.example', '@a.example']}",
        #"{"any":[{"attribute":"email","op":"endsWith","values":["@a.example"]},{"attribute":"email","op":"endsWith","values":["@b.example"]}]}"#
      ),
      ("email: {contains: a}", #"{"attribute":"email","op":"contains","values":["a"]}"#),
      ("email: {matches: '^A+\\.'}", #"{"attribute":"email","op":"matches","values":["^A+\\."]}"#),
      (
        "email: {matches: 'STRASSE$', ignoreCase: true}",
        #"{"attribute":"email","ignoreCase":true,"op":"matches","values":["STRASSE$"]}"#
      ),
      (
        "email: {is: 'STRAẞE', ignoreCase: true}",
        #"{"attribute":"email","ignoreCase":true,"op":"in","values":["straße"]}"#
      ),
      ("email: {is: A, ignoreCase: false}", #"{"attribute":"email","op":"in","values":["A"]}"#),
      ("age: 18", #"{"attribute":"age","op":"in","values":[18]}"#),
      ("cartTotal: [1.0, 1, 10, 9, 1e21, -0.5]", #"{"attribute":"cartTotal","op":"in","values":[-0.5,1,10,1e+21,9]}"#),
      (
        "age: {atLeast: 18, lessThan: 65}",
        #"{"all":[{"attribute":"age","op":"atLeast","values":[18]},{"attribute":"age","op":"lessThan","values":[65]}]}"#
      ),
      ("beta: true", #"{"attribute":"beta","op":"in","values":[true]}"#),
      (
        "appVersion: {atLeast: 2.1.0-rc.1+build.5}",
        #"{"attribute":"appVersion","op":"atLeast","values":["2.1.0-rc.1"]}"#
      ),
      (
        "signedUpAt: {before: 1970-01-01T01:00:01.5+01:00}",
        #"{"attribute":"signedUpAt","op":"lessThan","values":[1500]}"#
      ),
      ("now: {after: 1969-12-31T23:59:59Z}", #"{"attribute":"now","op":"greaterThan","values":[-1000]}"#),
      ("groups: {includes: beta}", #"{"attribute":"groups","op":"includes","values":["beta"]}"#),
      ("groups: {includesAll: [b, a]}", #"{"attribute":"groups","op":"includesAll","values":["a","b"]}"#),
      ("groups: {includesNone: [b, a]}", #"{"attribute":"groups","op":"includesNone","values":["a","b"]}"#),
      (
        "ip: {within: [2001:DB8::/32, 10.0.0.0/8, 10.1.2.3]}",
        #"{"attribute":"ip","op":"within","values":["10.0.0.0/8","10.1.2.3/32","2001:db8::/32"]}"#
      ),
      ("ip: '2001:DB8:0::1'", #"{"attribute":"ip","op":"in","values":["2001:db8::1"]}"#),
      ("segment: a", #"{"segment":["a"]}"#),
      ("segment: [b, a, b]", #"{"segment":["a","b"]}"#),
      ("not: {country: DE}", #"{"not":{"attribute":"country","op":"in","values":["DE"]}}"#),
      ("not: {not: {country: DE}}", #"{"attribute":"country","op":"in","values":["DE"]}"#),
      ("all: [{segment: a}]", #"{"segment":["a"]}"#),
      ("any: [{segment: a}, {any: [{segment: b}, {segment: a}]}]", #"{"any":[{"segment":["a"]},{"segment":["b"]}]}"#),
      (
        "segment: b\nall: [{segment: a}, {any: [{all: [{beta: true}]}]}]",
        #"{"all":[{"attribute":"beta","op":"in","values":[true]},{"segment":["a"]},{"segment":["b"]}]}"#
      ),
    ])
  func spelling(written: String, expected: String) throws {
    #expect(try TestTree.when(written) == expected)
  }
}
