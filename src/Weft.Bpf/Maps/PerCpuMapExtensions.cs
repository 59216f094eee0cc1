using System.Numerics;

namespace Weft.Bpf.Maps;

/// <summary>Sums over CPUs, for values that can be added.</summary>
public static class PerCpuMapExtensions
{
    /// <summary>The total of all CPUs; zero when the key is not there.</summary>
    public static TValue Sum<TKey, TValue>(this PerCpuMap<TKey, TValue> map, in TKey key)
        where TKey : unmanaged
        where TValue : unmanaged, IAdditionOperators<TValue, TValue, TValue> =>
        map.TryAggregate(in key, default(TValue), static (total, value) => total + value, out TValue sum) ? sum : default;
}
