namespace Weft.Bench.Traffic;

/// <summary>How long one measurement warms up and then counts.</summary>
internal sealed record TrafficPlan(TimeSpan WarmUp, TimeSpan Measure)
{
    public static readonly TrafficPlan Full = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(1100));

    public static readonly TrafficPlan Quick = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300));

    /// <summary>Time after which a measurement that does not move is given up.</summary>
    public TimeSpan Deadline => WarmUp + Measure + TimeSpan.FromSeconds(5);
}
