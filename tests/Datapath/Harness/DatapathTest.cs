namespace Datapath.Harness;

/// <summary>A test on the datapath of a node in its first state, shared by all of them one after the other.</summary>
[Collection<DatapathCollection>]
public abstract class DatapathTest
{
    private protected DatapathTest(DatapathFixture datapath)
    {
        Datapath = datapath;
        datapath.Reset();
    }

    private protected DatapathFixture Datapath { get; }
}
