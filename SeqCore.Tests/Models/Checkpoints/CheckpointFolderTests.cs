using FsCheck;
using FsCheck.Fluent;
using SeqCore.Models;
using SeqCore.Tests.Tensors.Files;

namespace SeqCore.Tests.Models.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_was_saved_comes_back_bit_for_bit()
    {
        float[] awkward = [float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 1f / 3f,
            BitConverter.Int32BitsToSingle(0x7FC12345)];
        float[] large = [.. Enumerable.Range(0, 50_000).Select(i => MathF.Sqrt(i))];
        var saved = new CheckpointData { Step = 7 };
        saved.Tensors["model.awkward"] = Tensor.FromSpan(awkward, new Shape(2, 3));
        saved.Tensors["model.large"] = Tensor.FromSpan(large, new Shape(500, 100));
        saved.Tensors["model.scalar"] = Tensor.FromSpan([42f], Shape.Scalar);
        saved.Tensors["model.empty"] = Tensor.FromSpan([], new Shape(0, 3));
        saved.Set("big", ulong.MaxValue);
        saved.Set("third", 1.0 / 3);
        saved.Set("never", double.PositiveInfinity);
        saved.SetConfiguration("vocabulary", "\n \"\\é\U0001F3B5\0");

        using var read = CheckpointFolder.Read(Folder().Save(saved));

        read.Step.Should().Be(7);
        Bits(read.Tensors["model.awkward"]).Should().Equal(awkward.Select(BitConverter.SingleToInt32Bits));
        Bits(read.Tensors["model.large"]).Should().Equal(large.Select(BitConverter.SingleToInt32Bits));
        read.Tensors["model.large"].Shape.Should().Equal(500, 100);
        read.Tensors["model.scalar"].Shape.Should().BeEmpty();
        read.Tensors["model.empty"].Shape.Should().Equal(0, 3);
        read.GetUInt64("big").Should().Be(ulong.MaxValue);
        read.GetDouble("third").Should().Be(1.0 / 3);
        read.GetDouble("never").Should().Be(double.PositiveInfinity);
        read.Configuration.Should().Equal(new Dictionary<string, string> { ["vocabulary"] = "\n \"\\é\U0001F3B5\0" });
    }

    [Fact]
    public void The_newest_are_kept_and_the_best_beside_them()
    {
        var folder = Folder(keep: 2);
        folder.SaveBest(Small(1));
        for (var step = 1; step <= 4; step++)
            folder.Save(Small(step));
        folder.Checkpoints().Select(Path.GetFileName)
            .Should().Equal("checkpoint-000000004.safetensors", "checkpoint-000000003.safetensors");
        using var best = CheckpointFolder.Read(folder.BestPath);
        best.Step.Should().Be(1);
    }

    [Fact]
    public void Every_altered_byte_is_noticed()
    {
        var path = Folder().Save(Small(1));
        var whole = File.ReadAllBytes(path);
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (place, flip) =>
        {
            byte[] altered = [.. whole];
            altered[place] ^= (byte)flip;
            File.WriteAllBytes(path, altered);
            FluentActions.Invoking(() => CheckpointFolder.Read(path))
                .Should().Throw<CheckpointException>().WithMessage($"Checkpoint '{path}' is truncated or altered*");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2 * whole.Length));
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_not_called_truncated()
    {
        var path = temporary.Write("text", [.. "To be, or not to be"u8]);
        FluentActions.Invoking(() => CheckpointFolder.Read(path)).Should().Throw<CheckpointException>().WithMessage(
            $"Checkpoint '{path}' is not a checkpoint: it is not a safetensors file: *. It seems to be a text file.");
        using var tensor = Tensor.Zeros([2]);
        SafetensorsFile.Write(path, [new("weight", tensor)], new Dictionary<string, string> { ["format"] = "pt" });
        FluentActions.Invoking(() => CheckpointFolder.Read(path)).Should().Throw<CheckpointException>().WithMessage(
            $"Checkpoint '{path}' is not a checkpoint of SeqCore, but a safetensors file of another program. Hint: *");
    }

    [Fact]
    public void A_path_that_is_no_file_is_an_error_with_advice()
    {
        var folder = Folder();
        Reading(folder.Location).WithMessage($"Checkpoint '{folder.Location}' is a folder. It holds no checkpoint: train*");
        var best = folder.SaveBest(Small(1));
        Reading(folder.Location).WithMessage($"*is a folder. Read a file in it, such as '{best}', or the newest intact one"
            + " with*");
        var newest = folder.Save(Small(2));
        Reading(folder.Location).WithMessage(
            $"*such as '{newest}', or the newest intact one with new CheckpointFolder(\"{folder.Location}\").ReadNewest().");
        Reading(folder.Location + "/none").WithMessage("*does not exist. Train first, or check the path.");
        Reading(temporary.Write("empty", [])).WithMessage("*is truncated or altered: *");

        static FluentAssertions.Specialized.ExceptionAssertions<CheckpointException> Reading(string path) =>
            FluentActions.Invoking(() => CheckpointFolder.Read(path)).Should().Throw<CheckpointException>();
    }

    [Fact]
    public void Every_truncated_or_longer_file_is_noticed()
    {
        var path = Folder().Save(Small(1));
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length <= whole.Length + 40; length++)
        {
            if (length == whole.Length)
                continue;
            File.WriteAllBytes(path, length < whole.Length ? whole[..length] : [.. whole, .. new byte[length - whole.Length]]);
            FluentActions.Invoking(() => CheckpointFolder.Read(path))
                .Should().Throw<CheckpointException>().WithMessage($"Checkpoint '{path}' is truncated*");
        }
    }

    [Fact]
    public void A_header_that_lies_under_a_right_checksum_is_an_error_too()
    {
        var path = Folder().Save(Small(1));
        var whole = File.ReadAllBytes(path);
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), (place, flip) =>
        {
            byte[] altered = [.. whole];
            altered[place] ^= (byte)flip;
            File.WriteAllBytes(path, SafetensorsFileTests.Resealed(altered));
            try
            {
                CheckpointFolder.Read(path).Dispose();
            }
            catch (CheckpointException refused)
            {
                refused.Message.Should().StartWith($"Checkpoint '{path}' ");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2 * whole.Length));
    }

    [Fact]
    public void Damaged_checkpoints_are_named_and_the_one_before_is_taken()
    {
        var folder = Folder();
        for (var step = 1; step <= 3; step++)
            folder.Save(Small(step));
        var paths = folder.Checkpoints();
        File.WriteAllBytes(paths[0], File.ReadAllBytes(paths[0])[..100]);
        using (var file = File.OpenWrite(paths[1]))
            file.WriteByte(255);
        var skipped = new List<CheckpointSkipped>();

        using var read = folder.ReadNewest(skipped: skipped.Add);

        read!.Step.Should().Be(1);
        skipped.Select(s => s.Path).Should().Equal(paths[0], paths[1]);
        skipped.Should().OnlyContain(s => s.Reason.Contains(s.Path));
        folder.Save(Small(2));
        folder.Checkpoints().Should().Equal(paths[1], paths[2]);
    }

    [Fact]
    public void A_folder_without_a_whole_checkpoint_has_no_newest()
    {
        var folder = Folder();
        folder.ReadNewest().Should().BeNull();
        temporary.Write("run/checkpoint-000000001.safetensors", [1, 2, 3]);
        folder.ReadNewest().Should().BeNull();
    }

    [Fact]
    public void A_disk_that_fills_up_leaves_the_checkpoints_before_whole_and_nothing_else()
    {
        Folder().Save(Small(1));
        var length = new FileInfo(Folder().Checkpoints()[0]).Length;
        for (long space = 0; space < length; space += 97)
        {
            var full = new CheckpointFolder(temporary.File("run")) { Create = path => new FullDisk(path, space) };
            full.Invoking(f => f.Save(Small(2))).Should().Throw<CheckpointException>()
                .WithMessage("Checkpoint '*checkpoint-000000002.safetensors' could not be written: No space left*Earlier"
                    + " checkpoints are intact.");
            full.Invoking(f => f.SaveBest(Small(2))).Should().Throw<CheckpointException>();
            Directory.GetFiles(full.Location).Select(Path.GetFileName).Where(name => name![0] != '.')
                .Should().Equal("checkpoint-000000001.safetensors");
            using var read = full.ReadNewest();
            read!.Step.Should().Be(1);
        }
    }

    [Fact]
    public void Charts_that_a_killed_run_left_unfinished_are_removed_and_those_being_written_are_not()
    {
        var left = temporary.Write($"run/loss.svg.{Guid.NewGuid():N}.unfinished", [1, 2, 3]);
        var chart = Path.Combine(Path.GetDirectoryName(left)!, "page.html");
        AtomicFile.Write(chart, stream =>
        {
            stream.WriteByte(1);
            new CheckpointFolder(Path.GetDirectoryName(left)!).Lock().Dispose();
        });
        File.Exists(left).Should().BeFalse();
        File.ReadAllBytes(chart).Should().Equal(1);
    }

    [Fact]
    public void What_a_killed_run_left_unfinished_is_removed()
    {
        var unfinished = temporary.Write("run/checkpoint-000000009.safetensors.unfinished", [1, 2, 3]);
        var ofAnotherProgram = temporary.Write("run/exported.safetensors.unfinished", [1, 2, 3]);
        Folder().Checkpoints().Should().BeEmpty();
        File.Exists(unfinished).Should().BeTrue("only who holds the folder knows that nobody writes it");
        Folder().Lock().Dispose();
        File.Exists(unfinished).Should().BeFalse();
        File.Exists(ofAnotherProgram).Should().BeTrue();
    }

    [Fact]
    public void A_folder_that_cannot_be_made_says_so()
    {
        var file = temporary.Write("file", []);
        FluentActions.Invoking(() => new CheckpointFolder(Path.Combine(file, "run"))).Should().Throw<CheckpointException>()
            .WithMessage($"The folder '{file}*' cannot be written:*Choose another one.");
    }

    [Fact]
    public void Another_configuration_is_refused_with_each_difference()
    {
        var saved = Small(1);
        saved.SetConfiguration("model", "lstm");
        saved.SetConfiguration("hidden", "512");
        saved.SetConfiguration("vocabulary", "\nabc");
        using var read = CheckpointFolder.Read(Folder().Save(saved));
        read.RequireConfiguration(
            new Dictionary<string, string> { ["model"] = "lstm", ["hidden"] = "512", ["vocabulary"] = "\nabc" });
        read.Invoking(r => r.RequireConfiguration(
            new Dictionary<string, string> { ["model"] = "gru", ["hidden"] = "512", ["layers"] = "2", ["vocabulary"] = "\nabc" }))
            .Should().Throw<CheckpointException>()
            .WithMessage("Checkpoint '*' belongs to another run: layers is absent there and 2 here;"
                + " model is lstm there and gru here. Hint:*");
    }

    private static IEnumerable<int> Bits(Tensor tensor) => tensor.ToArray().Select(BitConverter.SingleToInt32Bits);

    private static CheckpointData Small(long step)
    {
        var checkpoint = new CheckpointData { Step = step };
        checkpoint.Tensors["model.weight"] = Tensor.FromSpan([step, 1f, 2f, 3f, 4f, 5f], new Shape(2, 3));
        checkpoint.Tensors["model.bias"] = Tensor.FromSpan([step, 1f], new Shape(2));
        return checkpoint;
    }

    private CheckpointFolder Folder(int keep = 3) => new(temporary.File("run"), keep);

    /// <summary>A file on a disk with little space left.</summary>
    private sealed class FullDisk(string path, long space)
        : FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fits = (int)Math.Min(space - Position, buffer.Length);
            base.Write(buffer[..fits]);
            if (fits < buffer.Length)
                throw new IOException("No space left on device.");
        }
    }
}
