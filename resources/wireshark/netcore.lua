-- Netcore in Wireshark. Put this file into the folder of personal Lua plugins (Help > About > Folders), or start
-- Wireshark with:  wireshark -X lua_script:netcore.lua recording.pcapng
-- Files come from:  netcore export recording.mcap --format pcapng -o recording.pcapng
-- Field names are those of the console's filter language where there is one: netcore.route contains "cfg".

local netcore = Proto("netcore", "Netcore")

local protocols = { [1] = "lso", [2] = "netconduit", [3] = "Socket.D", [4] = "native", [5] = "raw", [255] = "noise" }

local f = netcore.fields
f.version = ProtoField.uint8("netcore.version", "Version of the pseudo-header")
f.protocol = ProtoField.uint8("netcore.protocol", "Protocol", base.DEC, protocols)
f.out = ProtoField.bool("netcore.out", "Sent by the console", 8, nil, 0x01)
f.repeated = ProtoField.bool("netcore.repeated", "Was on the line before", 8, nil, 0x08)
f.link = ProtoField.uint8("netcore.link", "Link")
f.ref = ProtoField.uint32("netcore.ref", "Message in the console")
f.kind = ProtoField.string("netcore.kind", "Kind of frame")
f.id = ProtoField.string("netcore.id", "Id on the wire")
f.route = ProtoField.string("netcore.route", "Route")
f.message_id = ProtoField.string("netcore.message_id", "Correlation id")
f.is_response = ProtoField.bool("netcore.is_response", "Is an answer")
f.length = ProtoField.uint32("netcore.length", "Length of the body")
f.size = ProtoField.uint32("netcore.size", "Bytes in this chunk")
f.have = ProtoField.uint32("netcore.have", "Bytes of the body so far")
f.body = ProtoField.bytes("netcore.body", "Body")
f.rtt = ProtoField.double("netcore.rtt", "Response time (ms)")
f.response_in = ProtoField.framenum("netcore.response_in", "Answered in", base.NONE, frametype.RESPONSE)
f.response_to = ProtoField.framenum("netcore.response_to", "Answers", base.NONE, frametype.REQUEST)
f.noise = ProtoField.bytes("netcore.noise", "Bytes of no frame")

-- What was learned in the first pass: later passes only look it up.
local facts = {}      -- frame number -> what to show
local open = {}       -- link, direction, id -> message that is on its way
local requests = {}   -- link, direction, correlation id -> frame of the request

function netcore.init()
  facts, open, requests = {}, {}, {}
end

-- The value of a key in a line of JSON; enough for heads that the console has checked already.
local function json_text(json, key)
  return json:match('"' .. key .. '"%s*:%s*"(.-[^\\])"') or (json:match('"' .. key .. '"%s*:%s*""') and "")
end
local function json_number(json, key)
  return tonumber(json:match('"' .. key .. '"%s*:%s*(%-?[%d%.]+)'))
end

local function opposite(out)
  return out and "in" or "out"
end

local function learn(pinfo, link, out, kind, id, meta, time)
  local direction = out and "out" or "in"
  local key = link .. direction .. (id or "")
  local known = { kind = kind, id = id }
  if kind == "mission" then
    known.route = json_text(meta, "route")
    known.message_id = json_text(meta, "message_id")
    known.length = json_number(meta, "length")
    known.is_response = meta:match('"is_response"%s*:%s*true') ~= nil
    known.have = 0
    open[key] = known
    if known.message_id then
      if known.is_response then
        local asked = requests[link .. opposite(out) .. known.message_id]
        if asked then
          known.response_to = asked.number
          known.rtt = (time - asked.time) * 1000
          if facts[asked.number] then facts[asked.number].response_in = pinfo.number end
        end
      else
        requests[link .. direction .. known.message_id] = { number = pinfo.number, time = time }
      end
    end
  elseif open[key] then
    local message = open[key]
    known.route = message.route
    known.length = message.length
    if kind == "data" then
      message.have = message.have + #meta
      known.have = message.have
    end
    if kind == "cancel" or message.have == message.length then open[key] = nil end
  end
  facts[pinfo.number] = known
end

local function lso(buffer, pinfo, tree, link, out)
  if buffer:len() < 8 then return end
  local head_bytes = buffer(0, 4):le_int()
  if head_bytes < 0 or 8 + head_bytes > buffer:len() then return end
  local head = buffer(4, head_bytes):string()
  local meta_bytes = buffer(4 + head_bytes, 4):le_int()
  local body = buffer(8 + head_bytes, math.min(meta_bytes, buffer:len() - 8 - head_bytes))
  local kind = json_text(head, "type") or "?"
  local meta = body:len() > 0 and body:raw() or ""
  local id = json_text(head, "extension") or json_text(meta, "extension")
  if not pinfo.visited then
    learn(pinfo, link, out, kind, id, meta, pinfo.abs_ts)
  end
  local known = facts[pinfo.number] or {}
  tree:add(f.kind, buffer(4, head_bytes), kind)
  if id then tree:add(f.id, buffer(4, head_bytes), id) end
  if known.route then tree:add(f.route, known.route) end
  if known.message_id then tree:add(f.message_id, known.message_id) end
  if kind == "mission" then tree:add(f.is_response, known.is_response or false) end
  if known.length then tree:add(f.length, known.length) end
  if kind == "data" then
    tree:add(f.size, body:len())
    if known.have then tree:add(f.have, known.have) end
    if body:len() > 0 then tree:add(f.body, body) end
  end
  if known.rtt then tree:add(f.rtt, known.rtt):set_generated() end
  if known.response_to then tree:add(f.response_to, known.response_to):set_generated() end
  if known.response_in then tree:add(f.response_in, known.response_in):set_generated() end
  pinfo.cols.info = kind .. " " .. (known.route or id or "") ..
    (known.have and known.length and (" " .. known.have .. "/" .. known.length .. " B") or "")
end

function netcore.dissector(buffer, pinfo, tree)
  if buffer:len() < 8 then return 0 end
  pinfo.cols.protocol = "Netcore"
  local protocol = buffer(1, 1):uint()
  local out = bit.band(buffer(2, 1):uint(), 1) == 1
  local link = buffer(3, 1):uint()
  local top = tree:add(netcore, buffer())
  top:add(f.version, buffer(0, 1))
  top:add(f.protocol, buffer(1, 1))
  top:add(f.out, buffer(2, 1))
  top:add(f.repeated, buffer(2, 1))
  top:add(f.link, buffer(3, 1))
  top:add_le(f.ref, buffer(4, 4))
  pinfo.cols.src = out and "console" or ("link " .. link)
  pinfo.cols.dst = out and ("link " .. link) or "console"
  if buffer:len() == 8 then return 8 end
  local frame = buffer(8)
  if protocol == 1 then
    lso(frame:tvb(), pinfo, top, link, out)
  elseif protocol == 255 then
    top:add(f.noise, frame)
    pinfo.cols.info = "noise, " .. frame:len() .. " B"
  else
    top:add(f.body, frame)
    pinfo.cols.info = (protocols[protocol] or "?") .. ", " .. frame:len() .. " B"
  end
  return buffer:len()
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, netcore)
