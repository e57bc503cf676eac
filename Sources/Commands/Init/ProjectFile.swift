internal import ScenarioFiles

/// A file of a new project.
struct ProjectFile {
  /// Its path in the project.
  let path: String
  /// What it holds.
  let text: String
  /// What to do where there is one already; nil is nothing.
  var advice: String?

  /// All of them.
  static let all = [
    ProjectFile(path: "qa-agent.yaml", text: settings),
    ProjectFile(path: "scenarios/first.yaml", text: first),
    ProjectFile(path: "scenarios/application.yaml", text: application),
    ProjectFile(
      path: schemaPath, text: ScenarioSchema.text, advice: "qa-agent schema prints the new one"),
    ProjectFile(
      path: ".gitignore", text: "reports/\n.env\n", advice: "it should have: reports/ and .env"),
    ProjectFile(path: ".github/workflows/qa-agent.yaml", text: pipeline),
  ]

  private static let schemaPath = ".qa-agent/scenario.schema.json"

  private static let settings = """
    # The settings of this project; `qa-agent config show --origin` prints all there are, with their values.
    # Take the "# " away from what you change.

    # How many cases run at once.
    # workers: 2
    # Attempts after the first; a pass after a failure is reported as flaky.
    # retries: 1

    """

  private static let first = """
    # yaml-language-server: $schema=../\(schemaPath)
    #
    # A scenario that runs everywhere: its screen comes with qa-agent.
    name: Sign in with a valid account
    tags: [smoke]
    target: { demo: sign-in }
    variables: { user: alice, password: wonderland }
    steps:
      - type: { text: "${user}", into: User name }
      - type: { text: "${password}", into: Password, enter: true }
      - expect: Welcome, ${user}

    """

  private static let application = """
    # yaml-language-server: $schema=../\(schemaPath)
    #
    # Your own application, on a private desktop: write its command behind run, and what must be seen behind expect.
    # What is required and not installed skips the scenario, and says how to get it.
    name: The application starts
    requires: [xvnc, xterm]
    target:
      desktop:
        size: 1280x800
        run: xterm -fa Monospace -fs 14 -e 'echo Ready; exec sleep 600'
    steps:
      - expect: Ready

    """

  private static let pipeline = """
    # Runs the scenarios on every push. The variable QA_AGENT_REPOSITORY of the repository (Settings, Actions,
    # Variables) says where qa-agent is: owner/name.
    name: qa-agent
    on: [push, pull_request]
    permissions: { contents: read }
    jobs:
      scenarios:
        runs-on: ubuntu-latest
        container: swift:6.3-bookworm
        timeout-minutes: 60
        steps:
          - uses: actions/checkout@v4
          - uses: actions/checkout@v4
            with: { repository: "${{ vars.QA_AGENT_REPOSITORY }}", path: .qa-agent/program }
          - run: .qa-agent/program/qa-agent run --strict --no-model --junit reports/junit.xml
          - uses: actions/upload-artifact@v4
            if: always()
            with: { name: reports, path: reports }

    """
}
