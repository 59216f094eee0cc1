using System.Text.Json.Serialization.Metadata;
using Weft.Model.Endpoints;
using Weft.Model.Identities;

namespace Weft.Control.State;

/// <summary>The agent's state directory: <c>node.json</c> and one file an endpoint.</summary>
/// <remarks>One agent at a time: the process holds the directory's lock. Files of different endpoints may be written at once.</remarks>
public sealed class StateDirectory
{
    private readonly string _path;
    private readonly string _endpoints;

    /// <summary>Makes the directory if it is missing; only its owner may look into it.</summary>
    public StateDirectory(string path)
    {
        _path = path;
        _endpoints = Path.Combine(path, "endpoints");
        Directory.CreateDirectory(_endpoints, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static JsonTypeInfo<NodeState> NodeType => StateJsonContext.Default.NodeState;

    private static JsonTypeInfo<StoredEndpoint> EndpointType => StateJsonContext.Default.StoredEndpoint;

    private string ServiceIdFile => Path.Combine(_path, ServiceIdState.FileName);

    private string NodeFile => Path.Combine(_path, NodeState.FileName);

    /// <summary>Null on the node's first start.</summary>
    /// <exception cref="StateFileException">The file cannot be read as such.</exception>
    public NodeState? ReadNode() => StateFile.Read(NodeFile, NodeType);

    public void WriteNode(NodeState node) => StateFile.Write(NodeFile, node, NodeType);

    /// <summary>Null where none were given yet. A file that cannot be read is set aside: the numbers in use are in the maps too.</summary>
    public ServiceIdState? ReadServiceIds()
    {
        try
        {
            return StateFile.Read(ServiceIdFile, StateJsonContext.Default.ServiceIdState);
        }
        catch (StateFileException)
        {
            StateFile.SetAside(ServiceIdFile);
            return null;
        }
    }

    public void WriteServiceIds(ServiceIdState ids) => StateFile.Write(ServiceIdFile, ids, StateJsonContext.Default.ServiceIdState);

    public void Write(StoredEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        StateFile.Write(FileOf(endpoint.Endpoint.Id), endpoint, EndpointType);
    }

    public void Delete(EndpointId id) => File.Delete(FileOf(id));

    /// <summary>How many pods are recorded; the agent's own health endpoint is none, a file that cannot be read may be one.</summary>
    public int CountPods() => Directory.EnumerateFiles(_endpoints, "*.json").Count(file => !IsHealth(file));

    /// <summary>Reads all endpoints. A file that is not one is set aside and reported; it costs no other endpoint anything.</summary>
    public IReadOnlyList<StoredEndpoint> ReadEndpoints(Action<StateFileException, string> reportCorrupt)
    {
        ArgumentNullException.ThrowIfNull(reportCorrupt);
        StateFile.RemoveUnfinished(_endpoints);
        List<StoredEndpoint> endpoints = [];
        foreach (string file in Directory.EnumerateFiles(_endpoints, "*.json"))
        {
            try
            {
                if (StateFile.Read(file, EndpointType) is { } stored)
                {
                    endpoints.Add(Checked(stored, file));
                }
            }
            catch (StateFileException error)
            {
                reportCorrupt(error, StateFile.SetAside(file));
            }
        }

        return endpoints;
    }

    /// <summary>Removes what this class wrote; the directory, its lock and foreign files stay.</summary>
    public void Clear()
    {
        Directory.Delete(_endpoints, recursive: true);
        File.Delete(ServiceIdFile);
        File.Delete(NodeFile);
    }

    private static bool IsHealth(string file)
    {
        try
        {
            return StateFile.Read(file, EndpointType)?.Endpoint.Identity == Identity.Health;
        }
        catch (StateFileException)
        {
            return false;
        }
    }

    private static StoredEndpoint Checked(StoredEndpoint stored, string file)
    {
        if (Path.GetFileNameWithoutExtension(file) != stored.Endpoint.Id.ToString())
        {
            throw new StateFileException(file, $"it describes endpoint {stored.Endpoint.Id}");
        }

        return stored.Endpoint.IPv4 is null ? throw new StateFileException(file, "its endpoint has no address") : stored;
    }

    private string FileOf(EndpointId id) => Path.Combine(_endpoints, $"{id}.json");
}
