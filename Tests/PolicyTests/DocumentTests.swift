import Diagnostics
import FoundationEssentials
@testable import Policy
@testable import PolicyFiles
import Testing

/// What docs/policy.md shows holds.
struct DocumentTests {
  /// The YAML blocks of the page, each with its first line.
  private static let blocks: [SourceText] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page =
      (try? String(contentsOf: root.appending(path: "docs/policy.md"), encoding: .utf8)) ?? ""
    var blocks: [SourceText] = []
    var block: [Substring]?
    for (number, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line == "```yaml" {
        // Lines before it keep the places of mistakes those of the page.
        block = Array(repeating: "", count: number + 1)
      } else if line == "```", let lines = block {
        blocks.append(SourceText(file: "docs/policy.md", text: lines.joined(separator: "\n")))
        block = nil
      } else {
        block?.append(line)
      }
    }
    return blocks
  }()

  @Test func `each policy of the page loads, and each command of its table is decided as written`()
    throws
  {
    var policy = Policy()
    var policies = 0
    var commands = 0
    for block in Self.blocks where !block.text.contains("\nname:") {
      if block.text.contains("\nversion: 1") {
        policy = try Policy(block)
        policies += 1
        continue
      }
      for row in try PolicyTable(block).rows {
        let ruling = row.ruling(by: policy)
        #expect(
          ruling.decision == row.decision,
          "docs/policy.md:\(row.line): \(row.text): \(ruling.reason)")
        commands += 1
      }
    }
    #expect(policies == 11)
    #expect(commands >= 60)
  }

  @Test func `the permissions of the page's scenario mean something`() throws {
    let policy = try Policy(try #require(Self.blocks.first))
    let permissions = try ScenarioPermissions(
      allow: ["rule:service-status", "cat /var/log/*"], deny: ["cat *.key"], policy: policy)
    func decision(_ text: String) -> Decision {
      policy.ruling(forText: text, permissions: permissions).decision
    }
    #expect(decision("systemctl status app-web --no-pager") == .allow)
    #expect(decision("cat /var/log/x") == .allow)
    #expect(decision("cat /var/log/x.key") == .deny)
    #expect(decision("cat /etc/passwd") == .deny)
    #expect(decision("cat /var/log/prod-1") == .deny)
  }
}
