namespace SeqCore.Tests.Tensors.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("seqcore-atomic-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Writers_of_one_file_do_not_mix_what_they_write()
    {
        var path = Path.Combine(folder, "file");
        var writers = Enumerable.Range(1, 4).Select(w => Task.Run(() =>
        {
            var content = new byte[100_000];
            Array.Fill(content, (byte)w);
            for (var i = 0; i < 40; i++)
                AtomicFile.Write(path, file => file.Write(content));
        })).ToArray();
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted)
        {
            if (File.Exists(path))
                File.ReadAllBytes(path).Distinct().Should().ContainSingle();
        }

        await all;
        Directory.GetFiles(folder).Should().Equal(path);
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_file_before_and_nothing_else()
    {
        var path = Path.Combine(folder, "file");
        AtomicFile.Write(path, file => file.WriteByte(1));
        FluentActions.Invoking(() => AtomicFile.Write(path, file =>
        {
            file.WriteByte(2);
            throw new IOException("No space left on device.");
        })).Should().Throw<IOException>().WithMessage("No space left*");
        File.ReadAllBytes(path).Should().Equal(1);
        Directory.GetFiles(folder).Should().Equal(path);
    }
}
