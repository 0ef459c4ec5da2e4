/// A tree in which every key of the language stands, each with a meaning: no default spelled out, nothing said twice.
enum RichTree {
  static let files: [(path: String, text: String)] = [
    (
      "ensign.yaml",
      """
      format: 1
      project: acme-shop
      environments: [staging, production]
      attributes:
        country: {type: string, values: [CA, DE, FR]}
        email: {type: string, private: true}
        nickname: {type: string}
        groups: {type: list}
        age: {type: integer}
        cartTotal: {type: number}
        beta: {type: boolean}
        appVersion: {type: version}
        signedUpAt: {type: timestamp}
        ip: {type: ip, private: true}
        company.id: {type: string}
      owners:
        payments: {contact: "#payments"}
        growth: {contact: "#growth"}
      policies: {}

      """
    ),
    (
      "definitions/shop/checkout.yaml",
      """
      description: One-page checkout.
      type: string
      variants: {red: a, green: b, blue: c}
      off: red
      owner: payments
      kind: release
      tags: [checkout, growth]
      expires: 2099-03-01
      archived: false

      """
    ),
    (
      "definitions/switch.yaml",
      "type: boolean\nvariants: {yes: true, no: false}\noff: no\nowner: growth\nkind: permission\n"
    ),
    (
      "definitions/limit.yaml",
      "type: integer\nvariants: {low: 1, high: 2}\noff: low\nowner: growth\nkind: operational\n"
    ),
    (
      "definitions/factor.yaml",
      "type: number\nvariants: {low: 1.5, high: 2}\noff: low\nowner: growth\nkind: operational\n"
    ),
    (
      "definitions/theme.yaml",
      """
      type: object
      variants: {plain: {size: 1, words: [a, {b: null}]}, fancy: {size: 2, on: true}}
      off: plain
      owner: growth
      kind: experiment
      expires: 2099-03-01

      """
    ),
    (
      "environments/production/shop/checkout.yaml",
      """
      enabled: {from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}
      requires: {switch: yes, limit: [low, high]}
      targets:
        red: [user-1, user-2]
        green: [user-3]
      rules:
        - name: people
          when: {segment: [staff, testers]}
          serve: green
        - name: words
          when:
            country: [DE, FR]
            email: {endsWith: ["@a.example", "@b.example"], ignoreCase: true}
            nickname: {matches: "^a+", contains: b}
            any:
              - {groups: {includes: beta}}
              - {groups: {includesAll: [x, y]}}
              - {groups: {includesNone: z}}
              - all: [{nickname: {startsWith: q}}, {nickname: {isNot: quite}}]
          share: 20
          by: company.id
          seed: partial
          serve: {split: {red: 10.5, green: 89.5}, by: email, seed: parts}
        - name: numbers
          when:
            age: {greaterThan: 17, atMost: 65}
            cartTotal: {atLeast: 1.5, lessThan: 100}
            not: {age: {in: [20, 30]}}
            appVersion: {atLeast: 2.1.0}
            signedUpAt: {after: 2020-01-01T00:00:00Z, before: 2030-01-01T00:00:00Z}
            now: {exists: true}
            ip: {within: [10.0.0.0/8, "2001:db8::/32"]}
            country: {notIn: [CA]}
            beta: {exists: false}
          serve: {ranges: {red: [[0, 10], [40, 50]], blue: [[10, 40], [50, 100]]}, by: age, seed: r}
        - name: growing
          when: {beta: true}
          serve:
            ramp: blue
            from: red
            steps: [{at: 2026-02-01T00:00:00Z, percent: 5}, {at: 2026-03-01T00:00:00Z, percent: 50}]
            shape: linear
            by: email
            seed: g
      otherwise: blue

      """
    ),
    ("environments/production/switch.yaml", "enabled: true\notherwise: yes\n"),
    ("environments/staging/limit.yaml", "enabled: false\notherwise: {split: {high: 25, low: 75}}\n"),
    (
      "environments/production/limit.yaml", "enabled: true\nrules: [{name: a, share: 5, serve: high}]\notherwise: low\n"
    ),
    (
      "segments/people/staff.yaml",
      """
      description: Our own people.
      include: [user-1, user-4]
      exclude: [user-9, user-8]
      includeFrom: ids.txt
      when: {email: {is: "root@acme.example"}}

      """
    ),
    ("segments/people/ids.txt", "user-10\nuser-11\n"),
    ("segments/testers.yaml", "when: {any: [{segment: staff}, {groups: {includes: testers}}]}\n"),
    (
      "tests/checkout.yaml",
      """
      - name: everyone
        flag: checkout
        environment: production
        given: {targetingKey: user-77}
        at: 2026-12-03T00:00:00Z
        expect: blue
        because: otherwise
        bucket: 12.5
      - flag: limit
        environment: [staging, production]
        matrix: {country: [DE, FR]}
        expectValue: 1

      """
    ),
  ]
}
