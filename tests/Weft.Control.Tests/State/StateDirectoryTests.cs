using System.Text;
using Weft.Control.State;
using Weft.Control.Tests.Endpoints;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Control.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("weft-state-").FullName;
    private readonly StateDirectory _state;

    public StateDirectoryTests() => _state = new StateDirectory(_path);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void An_endpoint_is_read_as_it_was_written()
    {
        StoredEndpoint written = new(EndpointPhase.Ready, Sample.Endpoint(3663));

        _state.Write(written);

        Assert.Equal(written, Assert.Single(Read(out _)));
    }

    [Fact]
    public void The_health_endpoint_counts_as_no_pod_and_an_unreadable_file_as_one()
    {
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(1)));
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(2) with { Identity = Identity.Health }));
        File.WriteAllText(Path.Combine(_path, "endpoints", "3.json"), "{");

        Assert.Equal(2, _state.CountPods());
    }

    [Fact]
    public void A_later_phase_takes_the_place_of_an_earlier_one()
    {
        _state.Write(new StoredEndpoint(EndpointPhase.Creating, Sample.Endpoint(3663)));
        _state.Write(new StoredEndpoint(EndpointPhase.Deleting, Sample.Endpoint(3663)));

        Assert.Equal(EndpointPhase.Deleting, Assert.Single(Read(out _)).Phase);
        _state.Delete(new EndpointId(3663));
        Assert.Empty(Read(out _));
    }

    [Fact]
    public void A_file_cut_short_at_any_byte_is_set_aside_and_costs_no_other_endpoint()
    {
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(1, "kept")));
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(2)));
        string file = Path.Combine(_path, "endpoints", "2.json");
        byte[] whole = File.ReadAllBytes(file);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole.AsSpan(0, length).ToArray());
            Assert.Equal(1, Assert.Single(Read(out int corrupt)).Endpoint.Id.Value);
            Assert.Equal(1, corrupt);
            Assert.True(File.Exists(file + ".corrupt"));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"phase\":\"ready\"}")]
    [InlineData("{\"phase\":\"asleep\",\"endpoint\":null}")]
    public void What_is_no_endpoint_is_set_aside(string content)
    {
        File.WriteAllText(Path.Combine(_path, "endpoints", "2.json"), content, Encoding.UTF8);

        Assert.Empty(Read(out int corrupt));
        Assert.Equal(1, corrupt);
    }

    [Fact]
    public void A_file_under_another_endpoints_name_is_set_aside()
    {
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(1)));
        File.Move(Path.Combine(_path, "endpoints", "1.json"), Path.Combine(_path, "endpoints", "2.json"));

        Assert.Empty(Read(out int corrupt));
        Assert.Equal(1, corrupt);
    }

    [Fact]
    public void State_is_for_its_owner_alone()
    {
        _state.Write(new StoredEndpoint(EndpointPhase.Ready, Sample.Endpoint(1)));

        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(_path, "endpoints", "1.json"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }

    private IReadOnlyList<StoredEndpoint> Read(out int corrupt)
    {
        int count = 0;
        IReadOnlyList<StoredEndpoint> endpoints = _state.ReadEndpoints((_, _) => count++);
        corrupt = count;
        return endpoints;
    }
}
