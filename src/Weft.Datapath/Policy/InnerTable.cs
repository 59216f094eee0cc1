using System.Numerics;
using Weft.Abi;
using Weft.Bpf.Maps;
using Weft.Model.Endpoints;
using Weft.Model.Identities;
using Weft.Policy.Documents;
using Weft.Policy.Resolution;

namespace Weft.Datapath.Policy;

/// <summary>The map in which the datapath finds a table; endpoints that have the same table have the same map.</summary>
internal sealed class InnerTable : IDisposable
{
    /// <summary>Room for peers that come later.</summary>
    private const int SmallestSize = 64;

    private readonly RuleSets _sets;
    private readonly Dictionary<PolicyKey, uint> _content = [];
    private readonly BpfMap<PolicyKey, uint> _map;

    /// <summary>Nothing names it yet; its sets must be written before something does.</summary>
    /// <param name="heirs">Identities that the table does not know any more, and whose rights they have.</param>
    public InnerTable(PolicyTable table, RuleSets sets, IReadOnlyDictionary<Identity, Identity> heirs)
    {
        Table = table;
        _sets = sets;
        foreach ((TrafficDirection direction, DirectionTable half) in Halves(table))
        {
            if (!half.IsEnforced)
            {
                continue;
            }

            _content.Add(KeyOf(direction, Identity.Unknown), sets.Use(half.Any));
            foreach ((Identity peer, var entries) in half.Peers)
            {
                _content.Add(KeyOf(direction, peer), sets.Use(entries));
            }

            foreach ((Identity gone, Identity heir) in heirs)
            {
                if (half.Peers.TryGetValue(heir, out var entries) && !half.Peers.ContainsKey(gone))
                {
                    _content.Add(KeyOf(direction, gone), sets.Use(entries));
                }
            }
        }

        _map = BpfMap.Create<PolicyKey, uint>(
            "weft_policy_tab", BpfMapType.Hash, BitOperations.RoundUpToPowerOf2((uint)Math.Max(SmallestSize, 2 * _content.Count)),
            BpfMapFlags.NoPreallocation);
    }

    public PolicyTable Table { get; private set; }

    public BpfMap Map => _map.Untyped;

    public HashSet<EndpointId> Users { get; } = [];

    public int Count => _content.Count;

    /// <summary>Puts everything into the map.</summary>
    public void Fill() => _map.UpdateBatch([.. _content.Keys], [.. _content.Values]);

    /// <summary>Whether what differs can be changed in the map while packets ask it: each of them reads one peer's element.</summary>
    public bool TakesInPlace(PolicyTable table, IReadOnlyCollection<(TrafficDirection Direction, Identity Peer)> touched) =>
        touched.All(key => key.Peer != Identity.Unknown)
        && Halves(Table).Zip(Halves(table)).All(pair => pair.First.Half.IsEnforced == pair.Second.Half.IsEnforced)
        && _content.Count + touched.Count <= _map.Untyped.Schema.MaxEntries;

    /// <returns>Whether some peer may now do less than before, or something else.</returns>
    public bool ChangeInPlace(
        PolicyTable table, IReadOnlyCollection<(TrafficDirection Direction, Identity Peer)> touched, IReadOnlyDictionary<Identity, Identity> heirs)
    {
        Dictionary<PolicyKey, uint> put = [];
        List<PolicyKey> gone = [];
        foreach ((TrafficDirection direction, Identity peer) in touched)
        {
            DirectionTable half = table[direction];
            PolicyKey key = KeyOf(direction, peer);
            if (half.IsEnforced && (half.Peers.TryGetValue(peer, out var entries)
                || (heirs.TryGetValue(peer, out Identity heir) && half.Peers.TryGetValue(heir, out entries))))
            {
                put[key] = _sets.Use(entries);
            }
            else if (_content.ContainsKey(key))
            {
                gone.Add(key);
            }
        }

        _sets.Write();
        _map.UpdateBatch([.. put.Keys], [.. put.Values]);
        _map.DeleteBatch(gone.ToArray());
        bool restricts = gone.Count > 0;
        foreach (PolicyKey key in put.Keys.Concat(gone))
        {
            if (_content.Remove(key, out uint before))
            {
                _sets.Disuse(before);
                restricts = true;
            }
        }

        foreach ((PolicyKey key, uint set) in put)
        {
            _content.Add(key, set);
        }

        Table = table;
        return restricts;
    }

    /// <summary>Removes what is there for identities that nobody has and the table does not know.</summary>
    public void Forget(IReadOnlyCollection<Identity> nobodys)
    {
        PolicyKey[] keys =
        [
            .. Halves(Table).SelectMany(half => nobodys.Where(identity => !half.Half.Peers.ContainsKey(identity))
                .Select(identity => KeyOf(half.Direction, identity))).Where(_content.ContainsKey),
        ];
        _map.DeleteBatch(keys);
        foreach (PolicyKey key in keys)
        {
            _content.Remove(key, out uint set);
            _sets.Disuse(set);
        }
    }

    /// <summary>No endpoint has it any more.</summary>
    public void Dispose()
    {
        foreach (uint set in _content.Values)
        {
            _sets.Disuse(set);
        }

        _content.Clear();
        _map.Dispose();
    }

    private static PolicyKey KeyOf(TrafficDirection direction, Identity peer) => new()
    {
        Identity = peer.Value,
        Direction = direction == TrafficDirection.Ingress ? MetricDirection.Ingress : MetricDirection.Egress,
    };

    private static IEnumerable<(TrafficDirection Direction, DirectionTable Half)> Halves(PolicyTable table) =>
        [(TrafficDirection.Ingress, table.Ingress), (TrafficDirection.Egress, table.Egress)];
}
