/// What models answer, and what it means: one entry for each form seen in the wild and each way to get
/// it wrong.
///
/// `=== dialect · name`, the reply, `---`, then the calls (one a line, name and arguments), or `!` and
/// the start of the reason why it is none. `«cut»` marks a reply that the limit of tokens ended.
let dialectCorpus = #"""
  === native · Hermes
  <tool_call>
  {"name": "click", "arguments": {"x": 512, "y": 640}}
  </tool_call>
  ---
  click {"x":512,"y":640}
  === native · Hermes on one line
  <tool_call>{"name":"click","arguments":{"x":1,"y":2}}</tool_call>
  ---
  click {"x":1,"y":2}
  === native · Hermes after prose
  I will press the button.
  <tool_call>
  {"name": "click", "arguments": {"x": 10, "y": 20}}
  </tool_call>
  ---
  click {"x":10,"y":20}
  === native · Hermes twice
  <tool_call>
  {"name": "click", "arguments": {"x": 1, "y": 2}}
  </tool_call>
  <tool_call>
  {"name": "type", "arguments": {"text": "a"}}
  </tool_call>
  ---
  click {"x":1,"y":2}
  type {"text":"a"}
  === native · Hermes without its end
  <tool_call>
  {"name": "click", "arguments": {"x": 1, "y": 2}}
  ---
  click {"x":1,"y":2}
  === native · Hermes cut inside
  <tool_call>
  {"name": "click", "arguments": {"x": 1, "y":
  ---
  !malformed
  === native · Hermes cut by the limit
  «cut»<tool_call>
  {"name": "click", "arguments": {"x": 1, "y": 2}}
  ---
  !truncated
  === native · Hermes with arguments in a string
  <tool_call>
  {"name": "click", "arguments": "{\"x\": 1, \"y\": 2}"}
  </tool_call>
  ---
  click {"x":1,"y":2}
  === native · Hermes with parameters
  <tool_call>
  {"name": "scroll", "parameters": {"direction": "down"}}
  </tool_call>
  ---
  scroll {"direction":"down"}
  === native · Hermes with a trailing comma
  <tool_call>
  {"name": "click", "arguments": {"x": 1, "y": 2,},}
  </tool_call>
  ---
  click {"x":1,"y":2}
  === native · Hermes in Python
  <tool_call>
  {'name': 'type', 'arguments': {'text': "it's", 'enter': True}}
  </tool_call>
  ---
  type {"text":"it's","enter":true}
  === native · Hermes with a bare line break in a string
  <tool_call>
  {"name": "type", "arguments": {"text": "one
  two"}}
  </tool_call>
  ---
  type {"text":"one\ntwo"}
  === native · Hermes after a thought
  <think>
  Maybe {"name": "done"}? No.
  </think>

  <tool_call>
  {"name": "click", "arguments": {"x": 3, "y": 4}}
  </tool_call>
  ---
  click {"x":3,"y":4}
  === native · a thought alone
  <think>
  I should click.
  </think>
  ---
  !empty
  === native · a thought that holds a call
  <think><tool_call>{"name":"done","arguments":{"summary":"x"}}</tool_call></think>
  <tool_call>{"name":"click","arguments":{"x":3,"y":4}}</tool_call>
  ---
  click {"x":3,"y":4}
  === native · Hermes with an unknown tool
  <tool_call>
  {"name": "rm", "arguments": {"path": "/"}}
  </tool_call>
  ---
  !unknownTool
  === native · one bad call spoils the good one
  <tool_call>{"name": "click", "arguments": {"x": 1, "y": 2}}</tool_call>
  <tool_call>{"name": "clack", "arguments": {}}</tool_call>
  ---
  !unknownTool
  === native · a look-alike name
  <tool_call>{"name": "сlick", "arguments": {"x": 1, "y": 2}}</tool_call>
  ---
  !unknownTool
  === native · another case
  <tool_call>{"name": "Click", "arguments": {"x": 1, "y": 2}}</tool_call>
  ---
  !unknownTool
  === native · tags around nothing
  <tool_call></tool_call>
  ---
  !malformed
  === native · tags around prose
  <tool_call>click the button</tool_call>
  ---
  !malformed
  === native · duplicate keys
  <tool_call>{"name": "click", "arguments": {"x": 1, "x": 9, "y": 2}}</tool_call>
  ---
  !malformed
  === native · NaN
  <tool_call>{"name": "wait", "arguments": {"seconds": NaN}}</tool_call>
  ---
  !malformed
  === native · a number too large
  <tool_call>{"name": "wait", "arguments": {"seconds": 1e400}}</tool_call>
  ---
  !malformed
  === native · two sets of arguments
  <tool_call>{"name": "click", "arguments": {"x": 1, "y": 2}, "parameters": {"x": 3, "y": 4}}</tool_call>
  ---
  !malformed
  === native · arguments that are a list
  <tool_call>{"name": "click", "arguments": [1, 2]}</tool_call>
  ---
  !malformed
  === native · XML
  <tool_call>
  <function=click>
  <parameter=x>
  512
  </parameter>
  <parameter=y>
  640
  </parameter>
  </function>
  </tool_call>
  ---
  click {"x":512,"y":640}
  === native · XML on one line
  <tool_call><function=click><parameter=x>1</parameter><parameter=y>2</parameter></function></tool_call>
  ---
  click {"x":1,"y":2}
  === native · XML without the outer tag
  <function=type>
  <parameter=text>
  hello
  </parameter>
  </function>
  ---
  type {"text":"hello"}
  === native · XML after prose
  Let me type.
  <function=type><parameter=text>hello</parameter></function>
  ---
  type {"text":"hello"}
  === native · XML without the opening outer tag
  <function=type><parameter=text>hello</parameter></function></tool_call>
  ---
  type {"text":"hello"}
  === native · XML keeps a string that looks like a number
  <function=type><parameter=text>007</parameter></function>
  ---
  type {"text":"007"}
  === native · XML keeps a string that looks like JSON
  <function=type><parameter=text>{"a":1}</parameter></function>
  ---
  type {"text":"{\"a\":1}"}
  === native · XML keeps inner breaks and spaces
  <function=type>
  <parameter=text>
   one
  two 
  </parameter>
  </function>
  ---
  type {"text":" one\ntwo "}
  === native · XML with a truth value
  <function=type><parameter=text>a</parameter><parameter=enter>true</parameter></function>
  ---
  type {"text":"a","enter":true}
  === native · XML with Python's truth value
  <function=type><parameter=text>a</parameter><parameter=enter>True</parameter></function>
  ---
  type {"text":"a","enter":true}
  === native · XML with a list
  <function=press><parameter=keys>["ctrl", "s"]</parameter></function>
  ---
  press {"keys":["ctrl","s"]}
  === native · XML without arguments
  <function=screenshot></function>
  ---
  screenshot {}
  === native · XML twice
  <tool_call><function=screenshot></function><function=click><parameter=x>1</parameter><parameter=y>2</parameter></function></tool_call>
  ---
  screenshot {}
  click {"x":1,"y":2}
  === native · XML whose end is missing
  <function=click><parameter=x>1</parameter><parameter=y>2</parameter>
  ---
  click {"x":1,"y":2}
  === native · XML whose parameter does not end
  <function=click><parameter=x>1</parameter><parameter=y>2
  ---
  !malformed
  === native · XML whose name does not end
  <function=click
  ---
  !malformed
  === native · XML with a parameter twice
  <function=click><parameter=x>1</parameter><parameter=x>2</parameter><parameter=y>2</parameter></function>
  ---
  !malformed
  === native · XML with prose inside
  <function=click>please<parameter=x>1</parameter></function>
  ---
  !malformed
  === native · XML with an unknown tool
  <function=shell><parameter=cmd>rm -rf /</parameter></function>
  ---
  !unknownTool
  === native · GLM pairs
  <tool_call>click
  <arg_key>x</arg_key>
  <arg_value>5</arg_value>
  <arg_key>y</arg_key>
  <arg_value>6</arg_value>
  </tool_call>
  ---
  click {"x":5,"y":6}
  === native · GLM pairs with a string
  <tool_call>type<arg_key>text</arg_key><arg_value>12</arg_value></tool_call>
  ---
  type {"text":"12"}
  === native · GLM key without a value
  <tool_call>click<arg_key>x</arg_key></tool_call>
  ---
  !malformed
  === native · Mistral list
  [TOOL_CALLS][{"name": "click", "arguments": {"x": 1, "y": 2}}]
  ---
  click {"x":1,"y":2}
  === native · Mistral with marks
  [TOOL_CALLS]click[ARGS]{"x": 1, "y": 2}
  ---
  click {"x":1,"y":2}
  === native · Mistral with an empty list
  [TOOL_CALLS][]
  ---
  !malformed
  === native · Llama tag
  <|python_tag|>{"name": "click", "parameters": {"x": 1, "y": 2}}
  ---
  click {"x":1,"y":2}
  === native · bare JSON
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ---
  click {"x":7,"y":8}
  === native · JSON in a fence
  ```json
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ```
  ---
  click {"x":7,"y":8}
  === native · JSON in a fence without a label
  ```
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ```
  ---
  click {"x":7,"y":8}
  === native · a fence after prose
  Here you go:
  ```json
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ```
  ---
  click {"x":7,"y":8}
  === native · two fences
  ```json
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ```
  or
  ```json
  {"name": "click", "arguments": {"x": 9, "y": 9}}
  ```
  ---
  !noCall
  === native · JSON at the end of prose
  I see the button.
  {"name": "click", "arguments": {"x": 7, "y": 8}}
  ---
  click {"x":7,"y":8}
  === native · JSON in the middle of prose
  The screen shows {"name": "click", "arguments": {"x": 7, "y": 8}} which is odd.
  ---
  !noCall
  === native · JSON that ends a sentence
  The screen shows {"name": "click", "arguments": {"x": 7, "y": 8}}
  ---
  !noCall
  === native · prose only
  I would click the OK button.
  ---
  !noCall
  === native · blank
     
  ---
  !empty
  === native · a refusal
  I'm sorry, but I can't help with that.
  ---
  !noCall
  === native · JSON that is no call
  {"thought": "hm"}
  ---
  !malformed
  === native · OpenAI shape in text
  {"type": "function", "function": {"name": "click", "arguments": "{\"x\":1,\"y\":2}"}}
  ---
  click {"x":1,"y":2}
  === native · OpenAI list in text
  {"tool_calls": [{"type": "function", "function": {"name": "click", "arguments": {"x": 1, "y": 2}}}]}
  ---
  click {"x":1,"y":2}
  === native · a list of calls
  [{"name": "screenshot", "arguments": {}}, {"name": "click", "arguments": {"x": 1, "y": 2}}]
  ---
  screenshot {}
  click {"x":1,"y":2}
  === native · the tool under "tool"
  {"tool": "click", "input": {"x": 1, "y": 2}}
  ---
  click {"x":1,"y":2}
  === native · the tool as the only key
  {"click": {"x": 1, "y": 2}}
  ---
  click {"x":1,"y":2}
  === native · the tool under "type"
  {"type": "click", "x": 1, "y": 2}
  ---
  click {"x":1,"y":2}
  === native · an unknown tool under "type"
  {"type": "clack", "x": 1, "y": 2}
  ---
  !malformed
  === schema · action and args
  {"action": "click", "args": {"x": 1, "y": 2}}
  ---
  click {"x":1,"y":2}
  === schema · action with its arguments beside it
  {"action": "scroll", "direction": "up", "amount": 3}
  ---
  scroll {"direction":"up","amount":3}
  === schema · over several lines
  {
    "action": "type",
    "args": {
      "text": "hello"
    }
  }
  ---
  type {"text":"hello"}
  === schema · args null
  {"action": "screenshot", "args": null}
  ---
  screenshot {}
  === schema · args missing
  {"action": "screenshot"}
  ---
  screenshot {}
  === schema · in a fence
  ```json
  {"action": "done", "args": {"summary": "ok"}}
  ```
  ---
  done {"summary":"ok"}
  === schema · a fence with a trailing comma
  ```
  {"action": "press", "args": {"keys": ["Enter",]}}
  ```
  ---
  press {"keys":["Enter"]}
  === schema · cut
  {"action": "click", "args": {"x": 1,
  ---
  !malformed
  === schema · missing bracket
  {"action": "click", "args": {"x": 1, "y": 2}
  ---
  !malformed
  === schema · missing quote
  {"action": "type", "args": {"text": "hello}}
  ---
  !malformed
  === schema · cut by the limit though it looks whole
  «cut»{"action": "type", "args": {"text": "hel"}}
  ---
  !truncated
  === schema · prose
  Sure! Clicking now.
  ---
  !noCall
  === schema · a number as a string
  {"action": "click", "args": {"x": "512", "y": "640"}}
  ---
  click {"x":512,"y":640}
  === schema · a whole number written with a point
  {"action": "click", "args": {"x": 512.0, "y": 640.0}}
  ---
  click {"x":512,"y":640}
  === schema · a number that is not whole
  {"action": "click", "args": {"x": 512.5, "y": 640}}
  ---
  !badArgument click x
  === schema · a number out of range
  {"action": "click", "args": {"x": 1280, "y": 640}}
  ---
  !badArgument click x
  === schema · a negative number
  {"action": "click", "args": {"x": 5, "y": -1}}
  ---
  !badArgument click y
  === schema · a huge number
  {"action": "click", "args": {"x": 1e300, "y": 1}}
  ---
  !badArgument click x
  === schema · a word for a number
  {"action": "click", "args": {"x": "left", "y": 1}}
  ---
  !badArgument click x
  === schema · a missing argument
  {"action": "click", "args": {"x": 1}}
  ---
  !badArgument click y
  === schema · an argument that is null though needed
  {"action": "click", "args": {"x": 1, "y": null}}
  ---
  !badArgument click y
  === schema · an optional argument that is null
  {"action": "scroll", "args": {"direction": "up", "amount": null}}
  ---
  scroll {"direction":"up"}
  === schema · an unknown argument
  {"action": "click", "args": {"x": 1, "y": 2, "force": true}}
  ---
  !badArgument click force
  === schema · a word that is not allowed
  {"action": "scroll", "args": {"direction": "sideways"}}
  ---
  !badArgument scroll direction
  === schema · a truth value as a string
  {"action": "type", "args": {"text": "a", "enter": "true"}}
  ---
  type {"text":"a","enter":true}
  === schema · a truth value as a word
  {"action": "type", "args": {"text": "a", "enter": "yes"}}
  ---
  !badArgument type enter
  === schema · a number where text is wanted
  {"action": "type", "args": {"text": 2024}}
  ---
  type {"text":"2024"}
  === schema · a fraction where text is wanted
  {"action": "type", "args": {"text": 1.50}}
  ---
  !badArgument type text
  === schema · a list in a string
  {"action": "press", "args": {"keys": "[\"ctrl\", \"c\"]"}}
  ---
  press {"keys":["ctrl","c"]}
  === schema · an empty list
  {"action": "press", "args": {"keys": []}}
  ---
  !badArgument press keys
  === schema · a list with the wrong things in it
  {"action": "press", "args": {"keys": ["a", true]}}
  ---
  !badArgument press keys[1]
  === schema · a point
  {"action": "point", "args": {"coordinate": [500, 250.5]}}
  ---
  point {"coordinate":[500,250.5]}
  === schema · a point with three numbers
  {"action": "point", "args": {"coordinate": [500, 250, 1]}}
  ---
  !badArgument point coordinate
  === schema · a point in a string
  {"action": "point", "args": {"coordinate": "[500, 250]"}}
  ---
  point {"coordinate":[500,250]}
  === schema · text that is too long
  {"action": "done", "args": {"summary": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}
  ---
  !badArgument done summary
  === schema · escapes
  {"action": "type", "args": {"text": "a\"b\\c\u00e9\ud83c\udf0d"}}
  ---
  type {"text":"a\"b\\cé🌍"}
  === schema · a lone surrogate
  {"action": "type", "args": {"text": "\ud83c"}}
  ---
  !malformed
  === schema · an escape that JSON does not know
  {"action": "type", "args": {"text": "it\'s"}}
  ---
  type {"text":"it's"}
  === schema · a terminal escape in a name
  {"action": "\u001b]0;x\u0007", "args": {}}
  ---
  !unknownTool
  === actionText · UI-TARS
  Thought: I see the button.
  Action: click(start_box='(512,640)')
  ---
  click {"start_box":[512,640]}
  === actionText · box marks
  Thought: ok
  Action: click(start_box='<|box_start|>(512,640)<|box_end|>')
  ---
  click {"start_box":[512,640]}
  === actionText · a point
  Action: click(point='<point>512 640</point>')
  ---
  click {"point":[512,640]}
  === actionText · a box stands for its middle
  Action: click(start_box='[100,200,300,400]')
  ---
  click {"start_box":[200,300]}
  === actionText · a bbox stands for its middle
  Action: click(start_box='<bbox>100 200 300 401</bbox>')
  ---
  click {"start_box":[200,300.5]}
  === actionText · brackets without quotes
  Action: click(start_box=(12, 34))
  ---
  click {"start_box":[12,34]}
  === actionText · drag
  Action: drag(start_box='(1,2)', end_box='(3,4)')
  ---
  drag {"start_box":[1,2],"end_box":[3,4]}
  === actionText · hotkey
  Action: hotkey(key='ctrl c')
  ---
  hotkey {"key":"ctrl c"}
  === actionText · type
  Action: type(content='hello world')
  ---
  type {"content":"hello world"}
  === actionText · type and submit
  Action: type(content='hello\n')
  ---
  type {"content":"hello\n"}
  === actionText · escaped quote
  Action: type(content='it\'s \"it\"')
  ---
  type {"content":"it's \"it\""}
  === actionText · text that looks like a call
  Action: type(content='click(start_box=(1,2))')
  ---
  type {"content":"click(start_box=(1,2))"}
  === actionText · scroll
  Action: scroll(start_box='(500,500)', direction='down')
  ---
  scroll {"start_box":[500,500],"direction":"down"}
  === actionText · no arguments
  Action: wait()
  ---
  wait {}
  === actionText · finished
  Thought: all done
  Action: finished(content='Task is done.')
  ---
  finished {"content":"Task is done."}
  === actionText · a call alone
  click(start_box='(5,6)')
  ---
  click {"start_box":[5,6]}
  === actionText · two actions
  Thought: two
  Action: click(start_box='(1,2)')

  type(content='x')
  ---
  click {"start_box":[1,2]}
  type {"content":"x"}
  === actionText · over several lines of thought
  Thought: First, look.
  Then think.
  Action: click(start_box='(1,2)')
  ---
  click {"start_box":[1,2]}
  === actionText · a quote that does not end
  Action: type(content='hello)
  ---
  !malformed
  === actionText · a parenthesis that does not end
  Action: click(start_box='(1,2)'
  ---
  !malformed
  === actionText · no place
  Action: click(start_box='the button')
  ---
  !malformed
  === actionText · three numbers
  Action: click(start_box='(1,2,3)')
  ---
  !malformed
  === actionText · a place that is infinite
  Action: click(start_box='(inf,2)')
  ---
  !malformed
  === actionText · an argument twice
  Action: click(start_box='(1,2)', start_box='(3,4)')
  ---
  !malformed
  === actionText · prose after the action
  Action: click(start_box='(1,2)') because it is blue
  ---
  !malformed
  === actionText · a thought without an action
  Thought: I do not know.
  ---
  !noCall
  === actionText · an expression is not evaluated
  Action: click(start_box=__import__('os').system('id'))
  ---
  !malformed
  === actionText · cut
  «cut»Thought: long
  Action: click(start_box='(1,2)')
  ---
  !truncated
  === actionText · but it answers in JSON
  {"name": "click", "arguments": {"start_box": [1, 2]}}
  ---
  click {"start_box":[1,2]}
  """#
