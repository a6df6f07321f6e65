using System.Reflection;
using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Architecture;

/// <summary>The source tree that the tests were built from, and the libraries in their order.</summary>
internal static class Repository
{
    /// <summary>Each library sees only those before it.</summary>
    internal static readonly IReadOnlyList<(string Name, Assembly Assembly)> Libraries =
    [
        ("SeqCore.Kernels", typeof(Backend).Assembly),
        ("SeqCore.Tensors", typeof(Tensor).Assembly),
        ("SeqCore.Autograd", typeof(Variable).Assembly),
        ("SeqCore.Models", typeof(Optimizer).Assembly),
        ("SeqCore.Models.Files", typeof(DelimitedFile).Assembly),
    ];

    internal static string Root { get; } = FindRoot();

    /// <summary>The folder of a library: a package beside the four is in the folder of the one that it extends.</summary>
    internal static string FolderOf(string name) => name == "SeqCore.Models.Files" ? "SeqCore.Models/Files" : name;

    /// <summary>The text of a library's project.</summary>
    internal static string ReadProject(string name) => Read($"{FolderOf(name)}/{name}.csproj");

    /// <summary>The source files under a folder, by their path from the root; build output left out.</summary>
    internal static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal));

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SeqCore.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests should run from a folder below SeqCore.sln.");
    }
}
