using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SeqCore.Kernels;

namespace SeqCore.Tests.Architecture;

public partial class LayeringTests
{
    /// <summary>Folders of SeqCore.Kernels that every operation may use.</summary>
    private static readonly string[] GroundFolders =
        ["Devices", "Elementary", "Gpu", "Memory", "Rows", "Simd", "Strided", "Threading"];

    /// <summary>Folders of SeqCore.Kernels that use an operation which is not their own, and its folder.</summary>
    private static readonly (string From, string To)[] UsedOperations =
    [
        ("Attention", "MatMul"), ("Attention", "Random"), ("Conv1d", "MatMul"), ("Copy", "Elementwise"),
        ("MatMul", "Elementwise"), ("Norms", "Random"), ("Recurrent", "MatMul"), ("Sort", "Gather"), ("SwiGlu", "Elementwise"),
    ];

    public static TheoryData<string> LibraryNames => [.. Repository.Libraries.Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void A_library_refers_only_to_those_before_it(string name)
    {
        var index = Repository.Libraries.ToList().FindIndex(l => l.Name == name);
        var before = Repository.Libraries.Take(index).Select(l => l.Name).ToArray();
        var references = XDocument.Parse(Repository.ReadProject(name)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        references.Should().BeSubsetOf(before);
        Repository.Libraries[index].Assembly.GetReferencedAssemblies().Select(a => a.Name)
            .Where(a => a!.StartsWith("SeqCore.", StringComparison.Ordinal)).Should().BeSubsetOf(before);
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Only_a_package_beside_the_four_depends_on_other_packages(string name)
    {
        var packages = XDocument.Parse(Repository.ReadProject(name)).Descendants("PackageReference")
            .Select(r => r.Attribute("Include")!.Value).ToList();
        if (Repository.FolderOf(name) == name)
            packages.Should().BeSubsetOf(["ILGPU", "ILGPU.Algorithms", "System.Numerics.Tensors"]);
        else
            packages.Should().NotBeEmpty("what depends on no other package belongs to the library that it extends");
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void A_library_never_writes_to_the_console(string name) =>
        Repository.Libraries.Single(l => l.Name == name).Assembly.GetReferencedAssemblies().Select(a => a.Name)
            .Should().NotContain("System.Console");

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Only_the_kernels_use_intrinsics_and_unsafe_code(string name)
    {
        var unsafeAllowed = XDocument.Parse(Repository.ReadProject(name)).Descendants("AllowUnsafeBlocks")
            .Any(e => e.Value == "true");
        var intrinsics = Repository.Sources(Repository.FolderOf(name))
            .Where(f => Repository.Read(f).Contains("System.Runtime.Intrinsics", StringComparison.Ordinal));
        if (name == "SeqCore.Kernels")
        {
            unsafeAllowed.Should().BeTrue();
            intrinsics.Should().NotBeEmpty();
        }
        else
        {
            unsafeAllowed.Should().BeFalse();
            intrinsics.Should().BeEmpty();
        }
    }

    [Fact]
    public void Every_operation_of_the_kernels_has_its_contract_and_a_version_for_each_device_in_one_folder()
    {
        var operations = Repository.Sources("SeqCore.Kernels").Where(f => f.Count(c => c == '/') >= 2)
            .GroupBy(f => f.Split('/')[1])
            .Where(g => !GroundFolders.Contains(g.Key)).ToList();
        operations.Should().HaveCountGreaterThan(10);
        foreach (var operation in operations)
        {
            var texts = operation.Select(Repository.Read).ToList();
            texts.Should().Contain(t => t.Contains("public abstract partial class Backend"),
                $"{operation.Key} should declare its contract");
            texts.Should().Contain(t => t.Contains("partial class CpuBackend"), $"{operation.Key} should have its CPU version");
            texts.Should().Contain(t => t.Contains("partial class GpuBackend"), $"{operation.Key} should have its GPU version");
        }
    }

    [Fact]
    public void Folders_of_the_kernels_use_the_ground_folders_and_otherwise_only_what_is_listed()
    {
        // Plain definitions use one another, and none of the kernels.
        var files = Repository.Sources("SeqCore.Kernels")
            .Where(f => f.Count(c => c == '/') >= 2 && !f.EndsWith(".Definition.cs", StringComparison.Ordinal)).ToList();
        var folders = string.Join('|', files.Select(FolderOf).Distinct());
        var qualifier = new Regex($@"\b(?:SeqCore\.)?(?:Kernels\.)?(?:{folders})\.(?=[A-Z])");
        var sources = files.Select(f => (File: f, Folder: FolderOf(f),
            Code: qualifier.Replace(Comments().Replace(Repository.Read(f), ""), ""))).ToList();
        var homes = sources.SelectMany(s => Declarations().Matches(s.Code).Select(m => (Name: m.Groups["name"].Value, s.Folder)))
            .Where(d => d.Name is not ("Backend" or "CpuBackend" or "GpuBackend"))
            .DistinctBy(d => d.Name).ToDictionary(d => d.Name, d => d.Folder);
        var used = sources.SelectMany(s =>
        {
            // A member may be called as a type elsewhere is.
            var members = Members().Matches(s.Code).Select(m => m.Groups["name"].Value).ToHashSet();
            return Names().Matches(s.Code).Select(m => m.Value).Distinct().Where(n => !members.Contains(n))
                .Where(n => homes.TryGetValue(n, out var home) && home != s.Folder && !GroundFolders.Contains(home))
                .Select(n => (From: s.Folder, To: homes[n], Of: $"{s.File} uses {n}"));
        }).ToList();
        used.Where(u => !UsedOperations.Contains((u.From, u.To))).Select(u => u.Of).Should().BeEmpty();
        UsedOperations.Should().BeSubsetOf(used.Select(u => (u.From, u.To)), "the list has no more than there is");
    }

    [Fact]
    public void An_operation_keeps_its_internal_types_in_the_namespace_of_its_folder()
    {
        var types = Repository.Sources("SeqCore.Kernels").SelectMany(f =>
        {
            var code = Repository.Read(f);
            return Declarations().Matches(code).Select(m => (File: f, Name: m.Groups["name"].Value,
                Access: m.Groups["access"].Value, Namespace: Namespace().Match(code).Groups[1].Value));
        }).ToList();
        types.Should().HaveCountGreaterThan(300);

        // The plain definitions of all operations are parts of one class.
        foreach (var type in types.Where(t => t.Access == "internal" && t.Name != "Definition"))
            type.Namespace.Should().Be(NamespaceOf(type.File), $"{type.Name} is internal to {type.File}");
    }

    [Fact]
    public void Files_of_the_kernels_have_a_using_of_their_own_operation_or_of_one_that_is_listed()
    {
        var files = Repository.Sources("SeqCore.Kernels").ToList();
        var folders = files.Select(FolderOf).ToHashSet();
        var usings = files.SelectMany(f => Usings().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value)
            .Where(folders.Contains).Select(to => (File: f, From: FolderOf(f), To: to))).ToList();
        usings.Should().HaveCountGreaterThan(50);
        usings.Where(u => u.From != u.To && !UsedOperations.Contains((u.From, u.To)))
            .Select(u => $"{u.File} uses {u.To}").Should().BeEmpty();
        usings.Where(u => u.File.EndsWith(".Definition.cs", StringComparison.Ordinal)).Select(u => $"{u.File} uses {u.To}")
            .Should().BeEmpty("plain definitions use no kernels");
    }

    /// <summary>The folder of a file of SeqCore.Kernels; empty for the files beside the folders.</summary>
    private static string FolderOf(string file) => file.Split('/') is [_, var folder, _, ..] ? folder : "";

    /// <summary>The namespace of a file's internal types.</summary>
    private static string NamespaceOf(string file) =>
        FolderOf(file) is not "" and var folder && !GroundFolders.Contains(folder)
            ? $"SeqCore.Kernels.{folder}" : "SeqCore.Kernels";

    [Fact]
    public void Tests_lie_in_the_folder_that_mirrors_that_of_their_sources()
    {
        foreach (var project in Repository.Libraries.Select(l => Repository.FolderOf(l.Name)).Where(f => !f.Contains('/')))
        {
            var homes = Repository.Sources(project).ToLookup(f => Path.GetFileName(f).Split('.')[0], Path.GetDirectoryName);
            var tests = Repository.Sources(project.Replace("SeqCore.", "SeqCore.Tests/", StringComparison.Ordinal)).ToList();
            tests.Should().HaveCountGreaterThan(5);
            foreach (var test in tests)
            {
                var folder = Path.GetDirectoryName(test)!;
                var home = folder.Replace("SeqCore.Tests/", "SeqCore.", StringComparison.Ordinal);
                var subject = Path.GetFileName(test).Split('.')[0];
                var found = homes[subject.EndsWith("Tests", StringComparison.Ordinal) ? subject[..^5] : subject];
                if (found.Any())
                    found.Should().Contain(home, test);

                // System.Random would be hidden; a file of usings for all has no namespace.
                var name = folder.Replace('/', '.').Replace(".Kernels.Random", ".Kernels.RandomFill", StringComparison.Ordinal);
                if (Namespace().Match(Repository.Read(test)) is { Success: true } match)
                    match.Groups[1].Value.Should().Be(name, test);
            }
        }
    }

    [Fact]
    public void Operations_keep_their_operands_alive()
    {
        const BindingFlags Declared =
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var operations = typeof(Backend).GetMethods(Declared).Where(m => m.IsPublic && m.GetParameters().Any(HasBuffer))
            .Where(m => m.Name is not ("Upload" or "Download")).ToList();
        operations.Should().HaveCountGreaterThan(30);
        operations.Where(m => m.IsAbstract).Should().BeEmpty("devices override what the operation calls between its checks and"
            + " KeepAlive");
        operations.Where(m => !Calls(m).Any(c => c.Name == "KeepAlive" || Calls(c).Any(d => d.Name == "KeepAlive")))
            .Should().BeEmpty("a buffer that nobody holds is collected while a kernel works with its address");

        static bool HasBuffer(ParameterInfo parameter)
        {
            var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>))
                type = type.GetGenericArguments()[0];
            return Holds(type);
        }

        static bool Holds(Type type) => type.IsAssignableTo(typeof(DeviceBuffer)) || type.IsValueType && !type.IsPrimitive
            && type.Namespace!.StartsWith("SeqCore", StringComparison.Ordinal)
            && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(f => f.FieldType != type && Holds(f.FieldType));

        // In the code a call is the byte 0x28 or 0x6f with the method's number behind it.
        static IEnumerable<MethodBase> Calls(MethodBase method)
        {
            var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
            for (var i = 0; i + 4 < code.Length; i++)
            {
                if (code[i] is not (0x28 or 0x6f))
                    continue;
                MethodBase? called = null;
                try
                {
                    called = method.Module.ResolveMethod(BitConverter.ToInt32(code, i + 1), null,
                        method.IsGenericMethod ? method.GetGenericArguments() : null);
                }
                catch (ArgumentException)
                {
                    // The byte was part of something else.
                }

                if (called?.DeclaringType == typeof(Backend))
                    yield return called;
            }
        }
    }

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void Element_wise_operations_can_be_passed_to_GPU_kernels(string name)
    {
        var operations = Repository.Libraries.Single(l => l.Name == name).Assembly.GetTypes()
            .Where(t => t.IsValueType && (t.IsAssignableTo(typeof(IUnaryOperation))
                || t.IsAssignableTo(typeof(IBinaryOperation))));
        var unusable = operations.Where(t => t.IsNestedPrivate
            || t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(f => f.FieldType == typeof(bool)));
        unusable.Should().BeEmpty("ILGPU has to see the struct, and takes no bool");
    }

    [Fact]
    public void Only_files_named_Gpu_use_ILGPU() =>
        Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/"))
            .Where(f => !f.EndsWith(".Gpu.cs", StringComparison.Ordinal)
                && File.ReadLines(f).Any(l => l.StartsWith("using ILGPU", StringComparison.Ordinal)))
            .Should().BeEmpty();

    [Theory]
    [InlineData("SeqCore.Kernels")]
    [InlineData("SeqCore.Tensors")]
    [InlineData("SeqCore.Autograd")]
    [InlineData("SeqCore.Models")]
    [InlineData("SeqCore.Tests")]
    [InlineData("samples")]
    public void No_file_is_longer_than_400_lines(string folder) =>
        Repository.Sources(folder).Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Count() > 400).Should().BeEmpty();

    /// <summary>The width is max_line_length of .editorconfig, which the formatter does not read.</summary>
    [Theory]
    [InlineData("SeqCore.Kernels")]
    [InlineData("SeqCore.Tensors")]
    [InlineData("SeqCore.Autograd")]
    [InlineData("SeqCore.Models")]
    [InlineData("SeqCore.Tests")]
    [InlineData("samples")]
    [InlineData("docs")]
    public void No_line_is_wider_than_130_columns(string folder)
    {
        Repository.Read(".editorconfig").Should().Contain("max_line_length = 130");
        Repository.Sources(folder)
            .SelectMany(f => Repository.Read(f).Split('\n').Select((line, i) => (line.Length, Place: $"{f}:{i + 1}")))
            .Where(line => line.Length > 130).Select(line => line.Place).Should().BeEmpty();
    }

    [GeneratedRegex(@"//.*|""[^""\n]*""")]
    private static partial Regex Comments();

    [GeneratedRegex(@"^(?<access>public|internal) (?:\w+ )*?(?:class|struct|interface|enum|record) (?!struct |class )"
        + @"(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declarations();

    // Those of an enumeration are alone on their lines.
    [GeneratedRegex(@"[\w>\]] (?<name>\w+)(?: =|\(|;| \{ get| =>)|^    (?<name>\w+),$", RegexOptions.Multiline)]
    private static partial Regex Members();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w+\b")]
    private static partial Regex Names();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:\w+ = |static )?SeqCore\.Kernels\.(\w+)[.;]", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
