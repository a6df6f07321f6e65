using System.IO.Compression;

namespace SeqCore.Tests.Tensors.Files;

public class TensorSourceTests
{
    [Fact]
    public void The_end_is_that_of_the_bytes_that_were_announced_and_of_the_stream()
    {
        Source(new MemoryStream(new byte[4])).ExpectEnd();
        Ending(new TensorSource(new MemoryStream(new byte[6]), 6, "it", "x")).WithMessage(
            "it: tensor 'x': 2 bytes follow the last element.");
        Ending(Source(new MemoryStream(new byte[5]))).WithMessage("it: tensor 'x': more bytes follow the last element.");

        static FluentAssertions.Specialized.ExceptionAssertions<TensorFileException> Ending(TensorSource source)
        {
            source.Read(new byte[source.Remaining > 4 ? 4 : 0]);
            return source.Invoking(s => s.ExpectEnd()).Should().Throw<TensorFileException>();
        }
    }

    [Fact]
    public void Packed_bytes_that_are_damaged_are_an_error_of_the_file_by_name()
    {
        var source = new TensorSource(new DeflateStream(new MemoryStream([7, 7, 7]), CompressionMode.Decompress), 4, "it", "x");
        source.Invoking(s => s.Read(new byte[4])).Should().Throw<TensorFileException>()
            .WithMessage("it: tensor 'x': its compressed bytes are damaged.").WithInnerException<InvalidDataException>();
    }

    private static TensorSource Source(Stream stream)
    {
        var source = new TensorSource(stream, 4, "it", "x");
        source.Read(new byte[4]);
        return source;
    }
}
