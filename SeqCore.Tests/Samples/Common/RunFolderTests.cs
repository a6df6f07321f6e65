using SeqCore.Models;
using SeqCore.Samples.Common;
using SeqCore.Tests.Models;

namespace SeqCore.Tests.Samples.Common;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_empty_folder_that_was_made_goes_again_and_all_others_stay()
    {
        var (made, outer) = (folder.File("a/b/c/"), folder.File("a"));
        using (new RunFolder(made))
            Directory.Exists(made).Should().BeTrue();
        Directory.Exists(outer).Should().BeFalse();

        Directory.CreateDirectory(outer);
        new RunFolder(made).Dispose();
        Directory.GetFileSystemEntries(outer).Should().BeEmpty();
        using (new RunFolder(made))
            File.WriteAllText(Path.Combine(made, "result"), "");
        File.Exists(Path.Combine(made, "result")).Should().BeTrue();
        new RunFolder(made).Dispose();
        File.Exists(Path.Combine(made, "result")).Should().BeTrue();
    }

    [Fact]
    public void A_folder_in_use_and_a_file_are_refused()
    {
        using var held = new RunFolder(folder.File("held"));
        FluentActions.Invoking(() => new RunFolder(folder.File("held"))).Should().Throw<CheckpointException>()
            .WithMessage("*in use by another run*");
        File.WriteAllText(folder.File("file"), "");
        FluentActions.Invoking(() => new RunFolder(folder.File("file/x"))).Should().Throw<CheckpointException>()
            .WithMessage("*cannot be*");
    }
}
