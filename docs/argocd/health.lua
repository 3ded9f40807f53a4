-- Argo CD's health of a ModelServer (group modelserver.dev). How to install it: docs/gitops.md.
-- It says what kstatus says of the same object, and Suspended where a person asked for no rollout or no pods.
local hs = {}

if obj.metadata.deletionTimestamp ~= nil then
  hs.status = "Progressing"
  hs.message = "Being deleted"
  return hs
end

if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  hs.status = "Progressing"
  hs.message = "Waiting for the operator to see generation " .. tostring(obj.metadata.generation)
  return hs
end

local found = {}
for _, condition in ipairs(obj.status.conditions or {}) do
  found[condition.type] = condition
end

local ready = found.Ready
if found.Stalled ~= nil and found.Stalled.status == "True" then
  hs.status = "Degraded"
  hs.message = found.Stalled.reason .. ": " .. found.Stalled.message
elseif ready == nil then
  hs.status = "Progressing"
  hs.message = "Waiting for the condition Ready"
elseif ready.reason == "RolloutPaused" or ready.reason == "ScaledToZero" then
  hs.status = "Suspended"
  hs.message = ready.message
elseif found.Reconciling ~= nil and found.Reconciling.status == "True" then
  hs.status = "Progressing"
  hs.message = found.Reconciling.reason .. ": " .. found.Reconciling.message
elseif ready.status == "True" then
  hs.status = "Healthy"
  hs.message = ready.message
else
  hs.status = "Progressing"
  hs.message = ready.reason .. ": " .. ready.message
end
return hs
