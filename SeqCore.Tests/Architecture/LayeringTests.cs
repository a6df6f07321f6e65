using System.Reflection;
using System.Xml.Linq;
using SeqCore.Kernels;

namespace SeqCore.Tests.Architecture;

public class LayeringTests
{
    public static TheoryData<string> LibraryNames => [.. Repository.Libraries.Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(LibraryNames))]
    public void A_library_refers_only_to_those_before_it(string name)
    {
        var index = Repository.Libraries.ToList().FindIndex(l => l.Name == name);
        var before = Repository.Libraries.Take(index).Select(l => l.Name).ToArray();
        var references = XDocument.Parse(Repository.Read($"{name}/{name}.csproj")).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        references.Should().BeSubsetOf(before);
        Repository.Libraries[index].Assembly.GetReferencedAssemblies().Select(a => a.Name)
            .Where(a => a!.StartsWith("SeqCore.", StringComparison.Ordinal)).Should().BeSubsetOf(before);
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
        var unsafeAllowed = XDocument.Parse(Repository.Read($"{name}/{name}.csproj")).Descendants("AllowUnsafeBlocks")
            .Any(e => e.Value == "true");
        var intrinsics = Repository.Sources(name)
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
        string[] infrastructure = ["Devices", "Elementary", "Gpu", "Memory", "Rows", "Simd", "Threading"];
        var operations = Repository.Sources("SeqCore.Kernels").Where(f => f.Count(c => c == '/') >= 2)
            .GroupBy(f => f.Split('/')[1])
            .Where(g => !infrastructure.Contains(g.Key)).ToList();
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
}
