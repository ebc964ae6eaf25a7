using System.Collections.Concurrent;
using Kessan.Caching.Storage;
using Kessan.Testing.Simulation;

namespace Kessan.Caching.Tests.Model;

/// <summary>
/// A fleet beside a simple model of it: the truth of each key is a number that only rises, sources read it when they start, and each change
/// of it is followed by a removal, a tag invalidation or a write. A node must never answer with less than the last change that it made
/// itself or was told of; of what the server forgot in a failover that holds again when the repair is done.
/// </summary>
internal sealed class FleetModel : IAsyncDisposable
{
    private const int Keys = 2;

    private readonly SimulatedFleet _fleet;
    private readonly int[] _truth = new int[Keys];
    private readonly int[][] _floor; // [node][key]
    private readonly int[] _forgiven = new int[Keys]; // what was true when the server last forgot: until the repair, less may be answered
    private readonly ConcurrentDictionary<(string Subject, long Version), int> _truthOfVersion = [];
    private readonly List<SimulatedSource> _sources = [];
    private readonly List<(int Node, int Key, int Truth)> _pending = [];
    private readonly List<Task> _reads = [];
    private readonly List<Task> _changes = [];
    private readonly ConcurrentQueue<string> _violations = [];
    private readonly ConcurrentQueue<string> _history = [];
    private readonly TaskCompletionSource?[] _gates;
    private readonly TaskCompletionSource?[] _answerGates;
    private readonly bool[] _holding;
    private readonly bool[] _losing;
    private readonly bool[] _doubling;
    private readonly bool[] _cut;
    private bool _faulty;
    private bool _everGated;
    private bool _lateTags;

    public FleetModel(int nodes, int seed)
    {
        _fleet = new SimulatedFleet(nodes, seed: seed, options: options => options.DefaultStaleWindow = TimeSpan.FromMinutes(1));
        _floor = [.. Enumerable.Range(0, nodes).Select(_ => new int[Keys])];
        _gates = new TaskCompletionSource?[nodes];
        _answerGates = new TaskCompletionSource?[nodes];
        _holding = new bool[nodes];
        _losing = new bool[nodes];
        _doubling = new bool[nodes];
        _cut = new bool[nodes];
        for (var n = 0; n < nodes; n++)
        {
            var node = n;
            _fleet[n].Store.Fate = message => Note(message) && _fleet[node].Store.IsDeaf ? MessageFate.Hold
                : message.Kind == StoreMessageKind.Heartbeat ? MessageFate.Deliver
                : _losing[node] ? MessageFate.Lose
                : _holding[node] ? Hold(message)
                : _doubling[node] ? MessageFate.Repeat
                : MessageFate.Deliver;
            _fleet[n].Store.Delivered = message => Deliver(node, message);
        }
    }

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>All that was seen, in its order: messages as they arrived and answers as they were given.</summary>
    public IReadOnlyCollection<string> History => _history;

    /// <summary>One step; the numbers say which, on which node and key.</summary>
    public async Task StepAsync(int kind, int node, int key)
    {
        switch (kind % 23)
        {
            case 0 or 1 or 2 or 3: Read(node, key); break;
            case 4 or 5: Finish(key, fail: false); break;
            case 6: Finish(key, fail: true); break;
            case 7: Change(node, key, _fleet[node].Cache.RemoveAsync); break;
            case 8: Change(node, key, (k, token) => _fleet[node].Cache.RemoveByTagAsync($"tag-{k}", token)); break;
            case 9: await SetAsync(node, key); break;
            case 10: _holding[node] = !_holding[node]; break;
            case 11: _fleet[node].Store.DeliverHeld(); break;
            case 12: _fleet[node].Store.DeliverHeld(static held => held.Reverse()); break;
            case 13: _losing[node] = !_losing[node]; _faulty = true; break;
            case 14: _fleet[node].Store.IsAway = !_fleet[node].Store.IsAway; _faulty = true; break;
            case 15: Toggle(_gates, node, gate => _fleet[node].Store.Gate = gate); break;
            case 16: Toggle(_answerGates, node, gate => _fleet[node].Store.AnswerGate = gate); break;
            case 17: await PassAsync(TimeSpan.FromMilliseconds(300)); break;
            case 18: await PassAsync(TimeSpan.FromSeconds(3)); break;
            case 19: CutOrReconnect(node); break;
            case 20: _doubling[node] = !_doubling[node]; break;
            case 21: StopOrResume(node); break;
            default: FailOver(); break;
        }

        await Settle.AllAsync();
        CheckSources();
    }

    /// <summary>Mends everything, and checks that the fleet has come to one truth.</summary>
    public async Task ConvergeAsync()
    {
        for (var n = 0; n < _fleet.Nodes.Count; n++)
        {
            _holding[n] = _losing[n] = _doubling[n] = _fleet[n].Store.IsDeaf = false;
            _fleet[n].Store.IsAway = false;
            if (_gates[n] is not null) Toggle(_gates, n, gate => _fleet[n].Store.Gate = gate);
            if (_answerGates[n] is not null) Toggle(_answerGates, n, gate => _fleet[n].Store.AnswerGate = gate);
            if (_cut[n]) CutOrReconnect(n);
            _fleet[n].Store.DeliverHeld();
        }

        await Settle.AllAsync();
        await _fleet.PassAsync(TimeSpan.FromSeconds(1));
        while (_sources.Count > 0) await FinishAllAsync();
        await _fleet.PassAsync(TimeSpan.FromSeconds(5));
        while (_sources.Count > 0 || _reads.Exists(read => !read.IsCompleted) || _changes.Exists(change => !change.IsCompleted))
        {
            await FinishAllAsync();
            await _fleet.PassAsync(TimeSpan.FromMilliseconds(500));
            if (_fleet.Time.GetUtcNow() > new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.FromHours(9)))
            {
                _violations.Enqueue("somebody waits for ever");
                return;
            }
        }

        await _fleet.PassAsync(TimeSpan.FromSeconds(3));
        for (var key = 0; key < Keys; key++)
        {
            for (var n = 0; n < _fleet.Nodes.Count; n++)
            {
                var truth = _truth[key];
                var value = await _fleet[n].Cache.GetOrCreateAsync($"{key}", _ => ValueTask.FromResult(truth), tags: [$"tag-{key}"]);
                if (value != truth) _violations.Enqueue($"after the repair node {n} has {value} for key {key}, the truth is {truth}");
            }
        }
    }

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    private void Read(int node, int key)
    {
        var floor = _floor[node][key];
        _reads.Add(CheckAsync());

        async Task CheckAsync()
        {
            try
            {
                var read = await _fleet[node].Cache.GetOrCreateLookupAsync($"{key}", (_, _) =>
                {
                    var source = new SimulatedSource(node, key, _truth[key]);
                    lock (_sources) _sources.Add(source);
                    return new ValueTask<int>(source.Task);
                }, tags: [$"tag-{key}"]);
                _history.Enqueue($"{node} has {read.Value} for {key}: {read.Layer} {read.Version} {read.IsStale} {read.IsUnverified} {read.Age} {read.TimeLeft}");
                if (read.Value < floor && floor > _forgiven[key]) _violations.Enqueue($"node {node} answered {read.Value} ({read.Layer}, stale {read.IsStale}) for key {key} after it knew of {floor}");
            }
            catch (Exception failure) when (failure is IOException or TimeoutException)
            {
                // The source failed or was given up; there was nothing stale. That is an answer too.
            }
            catch (Exception failure)
            {
                _violations.Enqueue($"node {node} threw {failure}");
            }
        }
    }

    private void Change(int node, int key, Func<string, CancellationToken, ValueTask> invalidateAsync)
    {
        var truth = ++_truth[key];
        lock (_pending) _pending.Add((node, key, truth));
        _changes.Add(ChangeAsync());

        async Task ChangeAsync()
        {
            try
            {
                await invalidateAsync($"{key}", CancellationToken.None);
                Raise(node, key, truth);
                lock (_pending) _pending.Remove((node, key, truth));
            }
            catch (Exception failure)
            {
                _violations.Enqueue($"a change on node {node} threw {failure}");
            }
        }
    }

    private async Task SetAsync(int node, int key)
    {
        // A write that is under way while the truth goes on is a race of the caller's own: only writes that end at once are in the model.
        if (_gates[node] is not null || _answerGates[node] is not null || _fleet[node].Store.IsAway || _changes.Exists(change => !change.IsCompleted)) return;
        var truth = ++_truth[key];
        var outcome = await _fleet[node].Cache.SetAsync($"{key}", truth, options: null, tags: [$"tag-{key}"]);
        if (outcome.Status is EntryWriteStatus.Stored or EntryWriteStatus.LocalOnly) Raise(node, key, truth);
        else _violations.Enqueue($"a write on node {node} came to nothing: {outcome}");
    }

    /// <summary>A message reached a node: from now on it knows of the change, and of all before it.</summary>
    private void Deliver(int node, StoreMessage message)
    {
        if (message.Kind != StoreMessageKind.Heartbeat) _history.Enqueue($"{node} hears {message.Kind} {message.Subject} {message.Version} of {message.Sender} as its {message.Sequence}th");
        if (message.Kind is not (StoreMessageKind.Removed or StoreMessageKind.TagRemoved)) return;
        var key = message.Subject[^1] - '0';
        if (key is < 0 or >= Keys) return;
        if (_truthOfVersion.TryGetValue((message.Subject, message.Version), out var truth)) Raise(node, key, truth);
    }

    /// <summary>
    /// A message stands right before its sending: the change that it tells of is one of those that its sender has under way. Which one is
    /// not in it; the lowest of their truths is what its receiver knows of at least.
    /// </summary>
    private bool Note(StoreMessage message)
    {
        if (message.Kind is not (StoreMessageKind.Removed or StoreMessageKind.TagRemoved)) return true;
        var (sender, key) = (message.Sender[^1] - '0', message.Subject[^1] - '0');
        lock (_pending)
        {
            var own = _pending.Where(change => change.Node == sender && change.Key == key).Select(change => change.Truth).DefaultIfEmpty(0).Min();
            _truthOfVersion.TryAdd((message.Subject, message.Version), own);
        }

        return true;
    }

    /// <summary>
    /// A tag's message that comes late may end a fill that began after the invalidation: a tag has a clock of its own, so they cannot be compared,
    /// and the next one gets the lease.
    /// </summary>
    private MessageFate Hold(StoreMessage message)
    {
        _lateTags |= message.Kind == StoreMessageKind.TagRemoved;
        return MessageFate.Hold;
    }

    private void Raise(int node, int key, int truth)
    {
        lock (_floor) _floor[node][key] = Math.Max(_floor[node][key], truth);
    }

    private void Finish(int key, bool fail)
    {
        SimulatedSource? source;
        lock (_sources)
        {
            source = _sources.FirstOrDefault(s => s.Key == key);
            if (source is not null) _sources.Remove(source);
        }

        source?.End(fail);
    }

    private async Task FinishAllAsync()
    {
        SimulatedSource[] all;
        lock (_sources)
        {
            all = [.. _sources];
            _sources.Clear();
        }

        foreach (var source in all) source.End(fail: false);
        await Settle.AllAsync();
    }

    private void CheckSources()
    {
        if (_faulty || _gates.Any(gate => gate is not null) || _answerGates.Any(gate => gate is not null)) return;
        lock (_sources)
        {
            // One source for a key and a state of the truth, as long as nothing has ever been wrong with the store.
            var twice = _sources.GroupBy(source => (source.Key, source.Truth)).FirstOrDefault(group => group.Count() > 1);
            if (twice is not null && !_everGated && !_lateTags) _violations.Enqueue($"{twice.Count()} sources run for key {twice.Key}");
        }
    }

    private void Toggle(TaskCompletionSource?[] gates, int node, Action<Task> set)
    {
        _everGated = true;
        if (gates[node] is { } closed)
        {
            gates[node] = null;
            set(Task.CompletedTask);
            closed.SetResult();
            return;
        }

        gates[node] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        set(gates[node]!.Task);
    }

    /// <summary>A replica that lacks the last moments takes over.</summary>
    private void FailOver()
    {
        _faulty = true;
        _truth.CopyTo(_forgiven, 0);
        _fleet.Server.ForgetSince(_fleet.Time.GetUtcNow() - TimeSpan.FromMilliseconds(500));
        _history.Enqueue("the server forgets");
    }

    private void CutOrReconnect(int node)
    {
        _faulty = true;
        _cut[node] = !_cut[node];
        if (_cut[node]) _fleet[node].Store.Cut();
        else _fleet[node].Store.Reconnect();
    }

    /// <summary>
    /// A stopped process hears nothing, and nothing proves the channel to it; what it did not read comes when it goes on. It is asked before
    /// that, as a process is whose timers have not run yet.
    /// </summary>
    private void StopOrResume(int node)
    {
        _faulty = true;
        _fleet[node].Store.IsDeaf = !_fleet[node].Store.IsDeaf;
        if (_fleet[node].Store.IsDeaf) return;
        for (var key = 0; key < Keys; key++) Read(node, key);
        _fleet[node].Store.DeliverHeld();
    }

    private async Task PassAsync(TimeSpan time)
    {
        _everGated |= _gates.Any(gate => gate is not null);
        await _fleet.PassAsync(time);
    }
}
