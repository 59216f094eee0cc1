namespace Datapath.Harness;

/// <summary>A test on the datapath of a node in its first state, shared by the tests of one class one after the other.</summary>
public abstract class DatapathTest : IClassFixture<DatapathFixture>
{
    private protected DatapathTest(DatapathFixture datapath)
    {
        Datapath = datapath;
        datapath.Reset();
    }

    private protected DatapathFixture Datapath { get; }
}
