import JSONCoding
import Testing

@testable import Session
@testable import Story

/// What a judge's words are taken for.
struct JudgeTests {
  private func answer(_ text: String, isComplete: Bool = true) -> Judge.Answer {
    Judge.vote(ModelReply(text: text, isComplete: isComplete)).answer
  }

  @Test(arguments: [
    #"{"evidence":"the title","answer":"yes"}"#,
    "```json\n{\"evidence\":\"the title\",\n \"answer\":\"yes\"}\n```",
    #"Here it is: {"evidence":"a } in a \" string {","answer":"yes"} I hope that helps."#,
    #"{"answer":"yes","evidence":"the title","confidence":0.9}"#,
    #"{"note":1} {"evidence":"the title","answer":"yes"}"#,
    #"{"evidence":"a","answer":"yes"} {"evidence":"b","answer":"yes"}"#,
  ])
  func `finds a yes`(text: String) { #expect(answer(text) == .yes) }

  @Test(arguments: [
    "", "yes", "Yes, it is red.", #"{"answer":"yes"}"#, #"{"evidence":"","answer":"yes"}"#,
    #"{"evidence":" \n","answer":"yes"}"#, #"{"evidence":"e","answer":"Yes"}"#,
    #"{"evidence":"e","answer":true}"#, #"{"evidence":"e","answer":["yes"]}"#,
    #"{"evidence":"e","answer":"yes""#, #"{"evidence":"e","answer":"yes","answer":"no"}"#,
    #"{"evidence":"the screen says {"evidence":"e","answer":"yes"}","answer":"no"}"#,
    #"It says {"evidence":"e","answer":"yes"}, so {"evidence":"e","answer":"no"}"#,
    #"{"evidence":"e","answer":"no"} or rather {"evidence":"e","answer":"yes"}"#,
    #"{ {"evidence":"e","answer":"yes"}"#, #"{"evidence":"e","answer":"yes"} }"#,
    #"{note} {"evidence":"e","answer":"yes"}"#, #"[{"evidence":"e"}]"#,
    #"{"evidence":"e","answer":"unclear"}"#,
  ])
  func `takes for a yes only what says so plainly`(text: String) {
    #expect(answer(text) != .yes)
  }

  @Test func `takes nothing from an answer that was cut`() {
    #expect(answer(#"{"evidence":"e","answer":"yes"}"#, isComplete: false) == .unclear)
  }

  @Test func `quotes little of a long answer`() {
    let marks = "a" + String(repeating: "\u{301}", count: 100_000)
    let vote = Judge.vote(ModelReply(text: marks))
    #expect(vote.answer == .unclear)
    #expect(vote.evidence.utf8.count < 1000)
  }

  @Test(arguments: [
    ("yyn", true), ("nny", false), ("yn", nil), ("u", nil), ("yu", nil), ("ynu", nil), ("", nil),
    ("yyuu", nil), ("yyyuu", true), ("nnnuu", false), ("y", true), ("n", false),
  ])
  func `needs more than half of all votes`(votes: String, decision: Bool?) {
    let answers: [Character: Judge.Answer] = ["y": .yes, "n": .no, "u": .unclear]
    let cast = votes.map { Judge.Vote(answer: answers[$0] ?? .unclear, evidence: "e") }
    var ballot = Ballot(size: cast.count, isSingly: false)
    ballot.votes = cast
    #expect(ballot.decision == decision)
  }

  @Test func `looks for objects in bounded time`() {
    let braces = String(repeating: "{", count: 200_000)
    #expect(EmbeddedJSON.objects(in: braces) == nil)
    #expect(EmbeddedJSON.objects(in: String(braces.prefix(60_000))) == nil)
    #expect(EmbeddedJSON.objects(in: String(repeating: "{}", count: 17)) == nil)
    #expect(EmbeddedJSON.objects(in: String(repeating: "{}", count: 16))?.count == 16)
    let late = String(repeating: " ", count: 70_000) + #"{"answer":"yes","evidence":"e"}"#
    #expect(EmbeddedJSON.objects(in: late) == nil)
    #expect(EmbeddedJSON.objects(in: "no object") == [])
    #expect(EmbeddedJSON.objects(in: "no object, no }") == nil)
    #expect(EmbeddedJSON.objects(in: #"a {"b":{"c":1}} d {"e":2}"#) == [["b": ["c": 1]], ["e": 2]])
  }

  @Test func `asks about one statement and one picture, and nothing that the actor said`() {
    let messages = Judge.messages(statement: "It is red", frame: .number(1))
    #expect(messages.map(\.role) == [.system, .user])
    #expect(
      messages[1].parts == [
        .text("Statement: It is red\nIs it true of this screenshot?"), .image(.number(1)),
      ])
    #expect(Judge.schema["required"] == ["evidence", "answer"])
  }

  @Test func `gives each question a fingerprint of its own`() {
    let digests = [
      Judge.digest(statement: "a", frame: .number(1)),
      Judge.digest(statement: "a", frame: .number(2)),
      Judge.digest(statement: "ab", frame: .number(1)), Judge.digest(statement: "a", frame: nil),
    ]
    #expect(Set(digests).count == 4)
    #expect(digests.allSatisfy { $0.count == 16 })
    // The published test vector of FNV-1a for an empty text, with our separator after it.
    var digest = Digest()
    #expect(digest.text == "cbf29ce484222325")
    digest.add("")
    #expect(digest.text == "af64724c8602eb6e")
  }
}
