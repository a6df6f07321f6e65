namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>What one access of a warp takes.</summary>
public class WarpAccessTests
{
    [Theory]
    [InlineData(4, "neighbours", 1, 1)]
    [InlineData(4, "two apart", 2, 1)]
    [InlineData(4, "a row of 32 apart", 32, 1)]
    [InlineData(4, "a row of 33 apart", 1, 1)]
    [InlineData(4, "the same", 1, 1)]
    [InlineData(8, "neighbours", 2, 2)]
    [InlineData(16, "neighbours", 4, 4)]
    [InlineData(16, "two lanes each", 2, 2)]
    [InlineData(16, "four lanes each", 2, 2)]
    [InlineData(16, "eight lanes each", 2, 2)]
    [InlineData(16, "the same in both halves", 4, 2)]
    public void Shared_memory_serves_a_word_of_each_bank_in_a_cycle(int bytes, string places, int cycles, int least) =>
        Access(bytes, false, places).OfSharedMemory().Should().Be((cycles, least));

    [Fact]
    public void Lanes_that_store_to_one_address_are_not_served_together() =>
        Access(16, true, "two lanes each").OfSharedMemory().Cycles.Should().Be(4);

    [Theory]
    [InlineData(4, "neighbours", 4, 4)]
    [InlineData(16, "neighbours", 16, 16)]
    [InlineData(4, "a row of 32 apart", 32, 4)]
    [InlineData(4, "two apart", 8, 4)]
    [InlineData(4, "the same", 1, 1)]
    [InlineData(4, "neighbours from 1 on", 5, 4)]
    public void Global_memory_moves_sectors(int bytes, string places, int sectors, int least)
    {
        var access = Access(bytes, false, places);
        (access.Sectors().Count, access.LeastSectors()).Should().Be((sectors, least));
    }

    private static WarpAccess Access(int bytes, bool writes, string places)
    {
        var access = new WarpAccess(bytes, writes);
        for (var lane = 0; lane < 32; lane++)
        {
            var place = places switch
            {
                "neighbours" => lane,
                "neighbours from 1 on" => lane + 1,
                "two apart" => 2 * lane,
                "a row of 32 apart" => 32 * lane,
                "a row of 33 apart" => 33 * lane,
                "the same" => 5,
                "two lanes each" => lane / 2,
                "four lanes each" => lane / 4,
                "eight lanes each" => lane / 8,
                "the same in both halves" => lane % 16,
                _ => throw new ArgumentException(places),
            };
            access.Add(lane, (ulong)(place * bytes));
        }

        return access;
    }
}
