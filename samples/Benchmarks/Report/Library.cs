using System.Text.RegularExpressions;

namespace SeqCore.Benchmarks;

/// <summary>The libraries that are compared, by the "peer" of their lines: a name and a version.</summary>
internal static partial class Library
{
    /// <summary>The title of SeqCore's figures.</summary>
    internal const string Ours = "SeqCore";

    internal static bool IsOurs(string peer) => peer == Ours || peer.StartsWith($"{Ours} ", StringComparison.Ordinal);

    /// <summary>
    /// The title of a column: "torch 2.6.0+debian" is PyTorch 2.6, and "TorchSharp 2.10.0.0" is libtorch 2.10, which TorchSharp
    /// calls.
    /// </summary>
    internal static string Title(string peer)
    {
        if (IsOurs(peer))
            return Ours;
        var parts = peer.Split(' ', 2);
        var name = parts[0] switch { "torch" => "PyTorch", "TorchSharp" => "libtorch", var other => other };
        return parts.Length == 1 ? name : $"{name} {Release().Match(parts[1])}";
    }

    /// <summary>The first two numbers of a version, or what there is in their place.</summary>
    [GeneratedRegex(@"^\d+\.\d+|^.*")]
    private static partial Regex Release();
}
